// antind: the signing daemon. `antind [--home DIR] [--listen 127.0.0.1:8686] [--port-file FILE]` serves;
// `antind [--home DIR] token add|list|revoke` keeps the API tokens of document systems.
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
  std::string listen = "127.0.0.1:8686", port_file, system;
  std::vector<std::string> signers;
  unsigned threads = 4;
};

Result<http::ServerOptions> server_options(const Options& options) {
  http::ServerOptions server;
  const std::size_t colon = options.listen.rfind(':');
  const std::string port = colon == std::string::npos ? "" : options.listen.substr(colon + 1);
  if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string::npos || std::stoul(port) > 65535)
    return fail(ErrorCode::invalid_argument, "--listen: want ADDRESS:PORT, as 127.0.0.1:8686");
  server.address = options.listen.substr(0, colon);
  server.port = static_cast<std::uint16_t>(std::stoul(port));
  server.threads = std::max(1u, options.threads);
  return server;
}

Status run(const Options& options) {
  ANTIN_TRY(const http::ServerOptions server, server_options(options));
  const wiring::Home home = wiring::find_home(options.home);
  ANTIN_CHECK(wiring::require_initialised(home));
  ANTIN_TRY(const wiring::Config config, wiring::read_config(home));
  ANTIN_TRY([[maybe_unused]] const wiring::Exclusive only, wiring::Exclusive::acquire(home, wiring::Job::daemon));
  const SystemClock clock;
  ANTIN_TRY(const auto service, http::Service::open(home, config, clock));
  return http::serve(server, [&](const http::Request& request) { return service->answer(request); }, [&](std::uint16_t port) -> Status {
    std::cerr << "antind " << wiring::version() << ": http://" << server.address << ":" << port << "\n";
    return options.port_file.empty() ? Status{} : write_file(options.port_file, std::to_string(port) + "\n");
  });
}

Status add_token(const Options& options) {
  const wiring::Home home = wiring::find_home(options.home);
  ANTIN_CHECK(wiring::require_initialised(home));
  ANTIN_TRY(const auto records, http::ServiceStore::open(home.service_store()));
  SystemRandom random;
  ANTIN_TRY(const Secret token, records->add_token({options.system, options.signers}, random, SystemClock().now()));
  std::cout << token.reveal() << "\n";  // shown this once
  return {};
}

Status list_tokens(const Options& options) {
  ANTIN_TRY(const auto records, http::ServiceStore::open(wiring::find_home(options.home).service_store()));
  ANTIN_TRY(const std::vector<http::Caller> callers, records->tokens());
  for (const http::Caller& caller : callers) {
    std::cout << caller.system << ":";
    for (const std::string& signer : caller.signers) std::cout << " " << signer;
    std::cout << "\n";
  }
  return {};
}

Status revoke_tokens(const Options& options) {
  ANTIN_TRY(const auto records, http::ServiceStore::open(wiring::find_home(options.home).service_store()));
  return records->revoke_tokens(options.system);
}

int exit_code(const Error& error) {
  switch (error.code) {
    case ErrorCode::permission_denied: return 3;
    case ErrorCode::unavailable:
    case ErrorCode::unauthenticated: return 5;
    default: return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Options options;
  CLI::App app("antind: the signing daemon of Ấn Tín");
  app.set_version_flag("--version", std::string(wiring::version()));
  app.add_option("--home", options.home, "the home (default: ANTIN_HOME, else ./demo)")->type_name("DIR");
  app.add_option("--listen", options.listen, "loopback address and port; port 0 takes a free one")->capture_default_str();
  app.add_option("--port-file", options.port_file, "where to write the port")->type_name("FILE");
  app.add_option("--threads", options.threads, "threads that serve")->capture_default_str();
  CLI::App* token = app.add_subcommand("token", "API tokens of document systems");
  token->require_subcommand(1);
  CLI::App* add = token->add_subcommand("add", "make a token and print it, this once");
  add->add_option("--system", options.system, "the document system")->required();
  add->add_option("--signer", options.signers, "a certificate that it may use: id, serial, subscriber code or mail; * for all")->required();
  CLI::App* list = token->add_subcommand("list", "systems and the certificates that they may use");
  CLI::App* revoke = token->add_subcommand("revoke", "end all tokens of a system");
  revoke->add_option("--system", options.system, "the document system")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const Status done = *add ? add_token(options) : *list ? list_tokens(options) : *revoke ? revoke_tokens(options) : run(options);
  if (done) return 0;
  std::cerr << "antind: " << done.error().message << "\n";
  return exit_code(done.error());
}
