#include "certificates.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace test {

Certificates::Certificates(const std::string& names, int days) {
  std::string folder = (std::filesystem::temp_directory_path() / "certificates-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder " + folder);
  folder_ = folder;
  std::ofstream(folder_ / "names") << "subjectAltName=" << names << "\n";
  const std::string new_key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch";
  openssl("req -x509 -days 2 -subj /CN=test-authority -keyout ca.key -out ca.pem" + new_key);
  openssl("req -subj /CN=server -keyout server.key -out server.csr" + new_key);
  openssl("x509 -req -days " + std::to_string(days) +
          " -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem");
}

Certificates::~Certificates() {
  std::error_code ignored;  // the system clears its temporary folder
  std::filesystem::remove_all(folder_, ignored);
}

void Certificates::openssl(const std::string& arguments) const {
  const std::string command = "cd '" + folder_.string() + "' && openssl " + arguments + " >log 2>&1";
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("openssl " + arguments + " failed");  // NOLINT(cert-env33-c)
}

}  // namespace test
