// antind: the signing daemon. `antind [--home DIR] [--listen ADDRESS:PORT] [--tls-certificate FILE --tls-key FILE]
// [--port-file FILE] [--lang vi|en]` serves; `antin system add` makes the API tokens of document systems.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "cli/http/server.h"
#include "cli/http/service.h"
#include "cli/wiring/exclusive.h"
#include "cli/words/words.h"

using namespace antin;

namespace {

constexpr Message texts[] = {
    {"antind", "antind: dịch vụ ký số của Ấn Tín", "antind: the signing daemon of Ấn Tín"},
    {"error", "antind: lỗi: {0}", "antind: error: {0}"},
    {"usage", "  gợi ý: xem `antind --help`", "  hint: see `antind --help`"},
    {"help", "In trang này rồi kết thúc", "Print this page and end"},
    {"version", "In phiên bản rồi kết thúc", "Print the version and end"},
    {"home", "thư mục của cơ quan (mặc định: ANTIN_HOME, nếu không có thì ./demo)",
     "the home (default: ANTIN_HOME, else ./demo)"},
    {"listen",
     "địa chỉ và cổng (mặc định: [listen] trong antin.toml, nếu không có thì 127.0.0.1:8686); cổng 0 lấy một cổng "
     "trống; địa chỉ khác loopback cần TLS",
     "address and port (default: [listen] of antin.toml, else 127.0.0.1:8686); port 0 takes a free one; another "
     "address "
     "than loopback needs TLS"},
    {"tls_certificate", "PEM: chứng thư của máy chủ và các CA cấp nó",
     "PEM: the server's certificate and those of its issuers"},
    {"tls_key", "PEM, quyền 0600: khóa của chứng thư", "PEM, mode 0600: the certificate's key"},
    {"tls_client_ca", "PEM: máy khách phải trình chứng thư do một trong các CA này cấp",
     "PEM: clients must show a certificate that one of these issued"},
    {"port_file", "tệp để ghi số cổng", "where to write the port"},
    {"threads", "số luồng phục vụ", "threads that serve"},
    {"lang",
     "ngôn ngữ của các thông báo ở đây: vi hoặc en (mặc định theo LC_ALL, LANG); câu trả lời theo Accept-Language",
     "language of what is said here: vi or en (default from LC_ALL, LANG); answers go by Accept-Language"},
};

struct Options {
  std::optional<std::string> home;
  std::string lang;
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

// Needed for the help, before the command line is parsed: --lang, else the first of LC_ALL, LC_MESSAGES, LANG that is
// set.
Language chosen_language(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--lang" && i + 1 < argc) return language(argv[i + 1]).value_or(Language::en);
    if (word.starts_with("--lang=")) return language(word.substr(7)).value_or(Language::en);
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return language(value).value_or(Language::en);
  }
  return Language::en;
}

void declare(CLI::App& app, Options& options, Language language) {
  const auto text = [&](const char* id) { return to_text(texts, id, language); };
  const bool vi = language == Language::vi;
  app.get_formatter()->label("Usage", vi ? "Cách dùng" : "Usage");
  app.get_formatter()->label("OPTIONS", vi ? "TÙY CHỌN" : "OPTIONS");
  app.get_formatter()->label("UINT", "N");
  app.option_defaults()->group(vi ? "Tùy chọn" : "Options");
  app.set_help_flag("-h,--help", text("help"));
  app.set_version_flag("--version", std::string(wiring::version()), text("version"));
  app.add_option("--home", options.home, text("home"))->type_name("DIR");
  app.add_option("--listen", options.listen, text("listen"))->type_name("ADDRESS:PORT");
  app.add_option("--tls-certificate", options.tls_certificate, text("tls_certificate"))->type_name("FILE");
  app.add_option("--tls-key", options.tls_key, text("tls_key"))->type_name("FILE");
  app.add_option("--tls-client-ca", options.tls_client_ca, text("tls_client_ca"))->type_name("FILE");
  app.add_option("--port-file", options.port_file, text("port_file"))->type_name("FILE");
  app.add_option("--threads", options.threads, text("threads"))->capture_default_str();
  app.add_option("--lang", options.lang, text("lang"))->check(CLI::IsMember({"vi", "en"}));
}

void complain(const std::string& message, Language language) {
  std::cerr << to_text(texts, "error", language, {words::error_text(message, language)}) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  const Language language = chosen_language(argc, argv);
  Options options;
  CLI::App app(to_text(texts, "antind", language));
  declare(app, options, language);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    complain(error.what(), language);
    std::cerr << to_text(texts, "usage", language) << "\n";
    return 2;
  }
  const Status done = run(options);
  if (done) return 0;
  complain(done.error().message, language);
  return exit_code(done.error());
}
