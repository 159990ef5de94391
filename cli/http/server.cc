#include "cli/http/server.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>

namespace antin::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using Body = bhttp::vector_body<std::uint8_t>;

struct Shared {
  const ServerOptions& options;
  const std::function<Response(const Request&)>& answer;
  std::atomic<bool> stopping = false;
  std::atomic<unsigned> connections = 0;
};

Request taken(bhttp::request<Body>&& message) {
  Request request;
  request.method = std::string(message.method_string());
  const std::string target(message.target());
  request.target = target.substr(0, target.find('?'));
  for (const auto& header : message) {
    std::string name(header.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    request.headers.emplace(std::move(name), std::string(header.value()));
  }
  request.body = std::move(message.body());
  return request;
}

bhttp::response<Body> given(Response&& response, unsigned version, bool keep_alive, bool head) {
  bhttp::response<Body> message(static_cast<bhttp::status>(response.status), version);
  message.set(bhttp::field::server, "antind");
  message.set(bhttp::field::content_type, response.content_type);
  message.set("X-Content-Type-Options", "nosniff");
  for (const auto& [name, value] : response.headers) message.set(name, value);
  const std::size_t size = response.body.size();
  if (!head) message.body() = std::move(response.body);
  message.keep_alive(keep_alive);
  message.content_length(size);
  return message;
}

Response too_large() { return problem(413, "resource_exhausted", "Content Too Large", "the body is larger than this service accepts"); }
Response malformed() { return problem(400, "invalid_argument", "Bad Request", "not an HTTP/1.1 request that this service reads"); }

// References alone go into coroutines: g++ 12 destroys temporaries of a co_await expression twice (GCC bug 101367).
asio::awaitable<void> send(beast::tcp_stream& stream, Shared& shared, bhttp::response<Body>& message) {
  stream.expires_after(std::chrono::seconds(shared.options.request_seconds));
  beast::error_code ignored;
  co_await bhttp::async_write(stream, message, asio::redirect_error(asio::use_awaitable, ignored));
}

// One request; false when the connection ends.
asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer, Shared& shared) {
  bhttp::request_parser<Body> parser;
  parser.header_limit(16 * 1024);
  parser.body_limit(shared.options.max_body);
  beast::error_code error;
  stream.expires_after(std::chrono::seconds(shared.options.idle_seconds));
  co_await bhttp::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (!error) {
    stream.expires_after(std::chrono::seconds(shared.options.request_seconds));
    if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
      bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
      co_await bhttp::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
    }
    if (!error) co_await bhttp::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  }
  if (error) {
    const bool too_big = error == bhttp::error::body_limit;
    const bool nonsense = error.category() == make_error_code(bhttp::error::bad_method).category() && error != bhttp::error::end_of_stream && error != bhttp::error::partial_message;
    if (too_big || nonsense) {
      bhttp::response<Body> refusal = given(too_big ? too_large() : malformed(), 11, false, false);
      co_await send(stream, shared, refusal);
    }
    co_return false;
  }
  const bool head = parser.get().method() == bhttp::verb::head, keep = parser.get().keep_alive() && !shared.stopping;
  const unsigned version = parser.get().version();
  bhttp::response<Body> response = given(shared.answer(taken(parser.release())), version, keep, head);
  co_await send(stream, shared, response);
  co_return keep;
}

asio::awaitable<void> session(tcp::socket socket, Shared& shared) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer;
  try {
    while (!shared.stopping && co_await exchange(stream, buffer, shared)) {
    }
  } catch (const std::exception&) {
    // The peer went away in the middle.
  }
  beast::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  --shared.connections;
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, Shared& shared) {
  while (!shared.stopping) {
    beast::error_code error;
    tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error || shared.connections >= shared.options.max_connections) continue;  // a socket that is not taken closes
    ++shared.connections;
    auto executor = socket.get_executor();
    asio::co_spawn(executor, session(std::move(socket), shared), asio::detached);
  }
}

void run_all(asio::io_context& context, unsigned threads) {
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back([&context] { context.run(); });
  context.run();
  for (std::thread& other : others) other.join();
}

}  // namespace

Status serve(const ServerOptions& options, const std::function<Response(const Request&)>& answer, const std::function<Status(std::uint16_t)>& listening) {
  try {
    beast::error_code error;
    const auto address = asio::ip::make_address(options.address, error);
    if (error) return fail(ErrorCode::invalid_argument, "listen: " + options.address + " is not an IP address");
    if (!address.is_loopback())
      return fail(ErrorCode::permission_denied, "listen: " + options.address + " is not loopback: plain HTTP leaves this machine through a TLS proxy only");
    asio::io_context context(static_cast<int>(options.threads));
    tcp::acceptor acceptor(context);
    const tcp::endpoint endpoint(address, options.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint, error);
    if (error) return fail(ErrorCode::unavailable, "listen on " + options.address + ":" + std::to_string(options.port) + ": " + error.message());
    acceptor.listen();
    Shared shared{options, answer};
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const beast::error_code&, int) {
      shared.stopping = true;
      acceptor.close();
    });
    ANTIN_CHECK(listening(acceptor.local_endpoint().port()));
    asio::co_spawn(context, accept_all(acceptor, shared), asio::detached);
    run_all(context, options.threads);
    return {};
  } catch (const std::exception& failure) {
    return fail(ErrorCode::unavailable, std::string("server: ") + failure.what());
  }
}

}  // namespace antin::http
