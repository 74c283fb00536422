// The whole job with Go's net/http and encoding/json: a goroutine for each connection, pages read one ahead.
// Arguments: BASE TOKEN ACCOUNT PATIENT CONNECTIONS
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

type resource struct {
	ResourceType string
	ID           string
	Meta         struct{ VersionID string }
}

type bundle struct {
	Entry []struct{ Resource resource }
	Link  []struct{ Relation, URL string }
}

var base, token, account, patient string
var client *http.Client

func request(method, url string, body io.Reader, version string) *http.Response {
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Accept", "application/fhir+json")
	request.Header.Set("X-Medplum", "extended")
	if version != "" {
		request.Header.Set("Content-Type", "application/json-patch+json")
		request.Header.Set("If-Match", `W/"`+version+`"`)
	}
	answer, err := client.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	if answer.StatusCode != 200 {
		log.Fatal(method, " ", url, ": ", answer.Status)
	}
	return answer
}

func get(url string, into any) {
	answer := request("GET", url, nil, "")
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		log.Fatal(err)
	}
	io.Copy(io.Discard, answer.Body)
}

func patch(member resource) {
	body := `[{"op":"test","path":"/meta/versionId","value":"` + member.Meta.VersionID +
		`"},{"op":"add","path":"/meta/accounts","value":[{"reference":"Organization/` + account +
		`"}]},{"op":"add","path":"/meta/account","value":{"reference":"Organization/` + account + `"}}]`
	url := base + "/" + member.ResourceType + "/" + member.ID
	answer := request("PATCH", url, strings.NewReader(body), member.Meta.VersionID)
	io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
}

func readPages(pages chan<- bundle) {
	defer close(pages)
	for url := base + "/Patient/" + patient + "/$everything?_count=1000"; url != ""; {
		var page bundle
		get(url, &page)
		url = ""
		for _, link := range page.Link {
			if link.Relation == "next" {
				url = link.URL
			}
		}
		pages <- page
	}
}

func wholeJob(connections int) int64 {
	var target resource
	get(base+"/Patient/"+patient, &target)
	patch(target)
	written := int64(1)

	pages, members := make(chan bundle), make(chan resource)
	go readPages(pages)
	var lanes sync.WaitGroup
	for i := 0; i < connections; i++ {
		lanes.Add(1)
		go func() {
			defer lanes.Done()
			for member := range members {
				patch(member)
				atomic.AddInt64(&written, 1)
			}
		}()
	}
	for page := range pages {
		for _, entry := range page.Entry {
			if entry.Resource.ID != patient {
				members <- entry.Resource
			}
		}
	}
	close(members)
	lanes.Wait()
	return written
}

func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func peakKiB() string {
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	return strings.Fields(peak)[0]
}

func main() {
	base, token, account, patient = os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	connections, _ := strconv.Atoi(os.Args[5])
	client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections + 1, DisableCompression: true}}
	began, before := time.Now(), cpu()
	written := wholeJob(connections)
	fmt.Printf("{\"resources\":%d,\"seconds\":%.6f,\"cpu\":%.6f,\"peak_kib\":%s}\n", written,
		time.Since(began).Seconds(), cpu()-before, peakKiB())
}
