#include "cli/http/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "cli/http/tls.h"

namespace antin::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;
using Body = bhttp::vector_body<std::uint8_t>;

// What all connections share. They live on the one thread that moves octets; `answer` is called on the workers.
struct Shared {
  const ServerOptions& options;
  const std::function<Response(const Request&)>& answer;
  asio::ssl::context* tls;  // none: plain
  asio::thread_pool& workers;
  bool stopping = false;
  unsigned connections = 0, in_work = 0;
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

Response too_large(Language language) {
  return problem({ErrorCode::resource_exhausted, "the body is larger than this service accepts"}, language);
}
Response malformed() {
  return problem({ErrorCode::invalid_argument, "not an HTTP/1.1 request that this service reads"}, language_of({}));
}

Response busy(Language language) {
  Response response = problem({ErrorCode::unavailable, "all workers are busy: send it again in a moment"}, language);
  response.headers["Retry-After"] = "1";
  return response;
}

asio::awaitable<void> answer_on_worker(Shared& shared, const Request& request, Response& response) {
  response = shared.answer(request);
  co_return;
}

// References alone go into coroutines: g++ 12 destroys temporaries of a co_await expression twice (GCC bug 101367).
asio::awaitable<void> answer(Shared& shared, const Request& request, Response& response) {
  if (shared.in_work >= shared.options.threads + shared.options.max_waiting) {
    response = busy(language_of(request));
    co_return;
  }
  struct Taken {
    unsigned& count;
    explicit Taken(unsigned& counter) : count(counter) { ++count; }
    ~Taken() { --count; }
  };
  const Taken taken(shared.in_work);
  asio::awaitable<void> work =
      asio::co_spawn(shared.workers, answer_on_worker(shared, request, response), asio::use_awaitable);
  co_await std::move(work);
}

template <class Stream>
void allow(Stream& stream, unsigned allowed) {
  beast::get_lowest_layer(stream).expires_after(std::chrono::seconds(allowed));
}

template <class Stream>
asio::awaitable<void> send(Stream& stream, Shared& shared, bhttp::response<Body>& message) {
  allow(stream, shared.options.request_seconds);
  beast::error_code ignored;
  co_await bhttp::async_write(stream, message, asio::redirect_error(asio::use_awaitable, ignored));
}

template <class Stream>
asio::awaitable<void> receive(Stream& stream, beast::flat_buffer& buffer, Shared& shared,
                              bhttp::request_parser<Body>& parser, beast::error_code& error) {
  allow(stream, shared.options.idle_seconds);
  co_await bhttp::async_read_header(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  allow(stream, shared.options.request_seconds);
  if (beast::iequals(parser.get()[bhttp::field::expect], "100-continue")) {
    bhttp::response<bhttp::empty_body> go_on(bhttp::status::continue_, 11);
    co_await bhttp::async_write(stream, go_on, asio::redirect_error(asio::use_awaitable, error));
  }
  if (!error) co_await bhttp::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
}

// One request; false when the connection ends.
template <class Stream>
asio::awaitable<bool> exchange(Stream& stream, beast::flat_buffer& buffer, Shared& shared) {
  bhttp::request_parser<Body> parser;
  parser.header_limit(16 * 1024);
  parser.body_limit(shared.options.max_body);
  beast::error_code error;
  co_await receive(stream, buffer, shared, parser, error);
  if (error) {
    const bool too_big = error == bhttp::error::body_limit;
    const bool nonsense = error.category() == make_error_code(bhttp::error::bad_method).category() &&
                          error != bhttp::error::end_of_stream && error != bhttp::error::partial_message;
    if (too_big || nonsense) {
      bhttp::response<Body> refusal =
          given(too_big ? too_large(language_of(taken(parser.release()))) : malformed(), 11, false, false);
      co_await send(stream, shared, refusal);
    }
    co_return false;
  }
  const bool head = parser.get().method() == bhttp::verb::head;
  const unsigned version = parser.get().version();
  const bool wanted = parser.get().keep_alive();
  const Request request = taken(parser.release());
  Response response;
  beast::get_lowest_layer(stream).expires_never();  // the token's time is not the client's
  co_await answer(shared, request, response);
  const bool keep = wanted && !shared.stopping;
  bhttp::response<Body> message = given(std::move(response), version, keep, head);
  co_await send(stream, shared, message);
  co_return keep;
}

template <class Stream>
asio::awaitable<void> converse(Stream& stream, Shared& shared) {
  beast::flat_buffer buffer;
  buffer.reserve(64 * 1024);  // Beast reads into what is reserved: by default a body comes in pieces of 512 octets
  while (!shared.stopping) {
    const bool go_on = co_await exchange(stream, buffer, shared);
    if (!go_on) break;
  }
}

asio::awaitable<void> converse_over_tls(beast::tcp_stream& plain, Shared& shared) {
  asio::ssl::stream<beast::tcp_stream&> stream(plain, *shared.tls);
  beast::error_code error;
  allow(stream, shared.options.idle_seconds);
  co_await stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return;
  co_await converse(stream, shared);
  allow(stream, 1);
  co_await stream.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
}

asio::awaitable<void> session(tcp::socket socket, Shared& shared) {
  beast::tcp_stream stream(std::move(socket));
  try {
    if (shared.tls != nullptr)
      co_await converse_over_tls(stream, shared);
    else
      co_await converse(stream, shared);
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

Result<tcp::endpoint> endpoint_of(const ServerOptions& options) {
  beast::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) return fail(ErrorCode::invalid_argument, "listen: " + options.address + " is not an IP address");
  if (!address.is_loopback() && !options.tls)
    return fail(ErrorCode::permission_denied,
                "listen: " + options.address +
                    " is not loopback: give a TLS certificate and its key (docs/api.md), or listen on 127.0.0.1");
  return tcp::endpoint(address, options.port);
}

Status open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  beast::error_code error;
  acceptor.open(endpoint.protocol());
  acceptor.set_option(asio::socket_base::reuse_address(true));
  acceptor.bind(endpoint, error);
  if (error)
    return fail(ErrorCode::unavailable, "listen on " + endpoint.address().to_string() + ":" +
                                            std::to_string(endpoint.port()) + ": " + error.message());
  acceptor.listen();
  return {};
}

}  // namespace

Status serve(const ServerOptions& options, const std::function<Response(const Request&)>& answer,
             const std::function<Status(std::uint16_t)>& listening) {
  try {
    ANTIN_TRY(const tcp::endpoint endpoint, endpoint_of(options));
    std::unique_ptr<asio::ssl::context> tls;
    if (options.tls) {
      tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
      ANTIN_CHECK(set_up_tls(tls->native_handle(), *options.tls));
    }
    asio::io_context context(1);
    tcp::acceptor acceptor(context);
    ANTIN_CHECK(open(acceptor, endpoint));
    asio::thread_pool workers(options.threads);
    Shared shared{options, answer, tls.get(), workers};
    asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const beast::error_code&, int) {
      shared.stopping = true;
      acceptor.close();
    });
    ANTIN_CHECK(listening(acceptor.local_endpoint().port()));
    asio::co_spawn(context, accept_all(acceptor, shared), asio::detached);
    context.run();
    workers.join();
    return {};
  } catch (const std::exception& failure) {
    return fail(ErrorCode::unavailable, std::string("server: ") + failure.what());
  }
}

}  // namespace antin::http
