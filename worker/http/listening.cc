#include "worker/http/listening.h"

#include <utility>

#include "worker/log.h"

namespace worker::http {

std::unique_ptr<Server> listening(const fhir::Executor& executor, const config::Http& settings, const Site& site) {
  if (settings.listen.empty()) return nullptr;
  std::unique_ptr<Server> server;
  try {
    server = std::make_unique<Server>(executor, settings, Limits(),
                                      [&site](Request request) { return site.answer(std::move(request)); });
  } catch (const CannotListen& trouble) {
    if (settings.listen_was_asked_for) throw;
    log::event(log::Level::warning, "no HTTP", {{"why", trouble.what()}});
    return nullptr;
  }
  const bool over_tls = !settings.tls_cert_file.empty();
  log::event(log::Level::info, "listening", {{"address", server->address()}, {"tls", over_tls}});
  if (server->beyond_loopback() && !over_tls) {
    log::event(log::Level::warning, "tokens of callers are sent in the clear",
               {{"why", "--listen is beyond loopback and there is no --tls-cert-file"}});
  }
  return server;
}

}  // namespace worker::http
