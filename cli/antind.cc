// antind: the signing daemon. `antind [--home DIR] [--listen ADDRESS:PORT] [--tls-certificate FILE --tls-key FILE]
// [--port-file FILE]` serves; `antin system add` makes the API tokens of document systems.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "cli/http/server.h"
#include "cli/http/service.h"
#include "cli/wiring/exclusive.h"

using namespace antin;

namespace {

struct Options {
  std::optional<std::string> home;
  std::string listen, tls_certificate, tls_key, tls_client_ca, port_file;  // what is empty comes from antin.toml
  unsigned threads = 4;
};

// ADDRESS:PORT, or [ADDRESS]:PORT.
Status read_address(const std::string& text, http::ServerOptions& server) {
  const std::size_t colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos ||
      std::stoul(port) > 65535)
    return fail(ErrorCode::invalid_argument, "listen: want ADDRESS:PORT, as 127.0.0.1:8686, not " + text);
  server.address = text.substr(0, colon);
  if (server.address.starts_with("[") && server.address.ends_with("]"))
    server.address = server.address.substr(1, server.address.size() - 2);
  server.port = static_cast<std::uint16_t>(std::stoul(port));
  return {};
}

Result<http::ServerOptions> server_options(const Options& options, const wiring::Home& home,
                                           const wiring::Listen& configured) {
  http::ServerOptions server;
  ANTIN_CHECK(read_address(options.listen.empty() ? configured.address : options.listen, server));
  server.threads = std::max(1u, options.threads);
  const bool given = !options.tls_certificate.empty() || !options.tls_key.empty();
  const auto in_home = [&](const std::string& file) { return file.empty() ? Path() : home.root / file; };
  if (given && (options.tls_certificate.empty() || options.tls_key.empty()))
    return fail(ErrorCode::invalid_argument, "--tls-certificate and --tls-key go together");
  if (given)
    server.tls = http::TlsFiles{options.tls_certificate, options.tls_key, options.tls_client_ca};
  else if (!configured.key.empty())
    server.tls =
        http::TlsFiles{in_home(configured.certificate), in_home(configured.key), in_home(configured.client_ca)};
  else if (!options.tls_client_ca.empty())
    return fail(ErrorCode::invalid_argument, "--tls-client-ca needs --tls-certificate and --tls-key");
  return server;
}

Status run(const Options& options) {
  const wiring::Home home = wiring::find_home(options.home);
  ANTIN_CHECK(wiring::require_initialised(home));
  ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
  ANTIN_TRY(const http::ServerOptions server, server_options(options, home, config.listen));
  ANTIN_TRY([[maybe_unused]] const wiring::Exclusive only, wiring::Exclusive::acquire(home, wiring::Job::daemon));
  const SystemClock clock;
  ANTIN_TRY(const auto service, http::Service::open(home, config, clock));
  return http::serve(
      server, [&](const http::Request& request) { return service->answer(request); },
      [&](std::uint16_t port) -> Status {
        std::cerr << "antind " << wiring::version() << (server.tls ? ": https://" : ": http://") << server.address
                  << ":" << port << "\n";
        return options.port_file.empty() ? Status{} : write_file(options.port_file, std::to_string(port) + "\n");
      });
}

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::permission_denied:
      return 3;
    case ErrorCode::unavailable:
    case ErrorCode::unauthenticated:
      return 5;
    default:
      return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  CLI::App app("antind: the signing daemon of Ấn Tín");
  app.set_version_flag("--version", std::string(wiring::version()));
  app.add_option("--home", options.home, "the home (default: ANTIN_HOME, else ./demo)")->type_name("DIR");
  app.add_option("--listen", options.listen,
                 "address and port (default: [listen] of antin.toml, else 127.0.0.1:8686); port 0 takes a free one; "
                 "another address than loopback needs TLS")
      ->type_name("ADDRESS:PORT");
  app.add_option("--tls-certificate", options.tls_certificate, "PEM: the server's certificate and those of its issuers")
      ->type_name("FILE");
  app.add_option("--tls-key", options.tls_key, "PEM, mode 0600: the certificate's key")->type_name("FILE");
  app.add_option("--tls-client-ca", options.tls_client_ca,
                 "PEM: clients must show a certificate that one of these issued")
      ->type_name("FILE");
  app.add_option("--port-file", options.port_file, "where to write the port")->type_name("FILE");
  app.add_option("--threads", options.threads, "threads that serve")->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const Status done = run(options);
  if (done) return 0;
  std::cerr << "antind: " << done.error().message << "\n";
  return exit_code(done.error());
}
