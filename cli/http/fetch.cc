#include "cli/http/fetch.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace antin::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using tcp = asio::ip::tcp;

struct Url {
  std::string host, port = "80", target = "/";
};

Result<Url> parse(const std::string& url) {
  const auto bad = [&](const char* why) { return fail(ErrorCode::invalid_argument, "fetch: " + url + ": " + why); };
  if (!url.starts_with("http://")) return bad("only http:// is fetched");
  if (url.find_first_of(" \t\r\n@#\\") != std::string::npos) return bad("not a plain URL");
  Url parts;
  const std::size_t slash = url.find('/', 7);
  std::string authority = url.substr(7, slash == std::string::npos ? std::string::npos : slash - 7);
  if (slash != std::string::npos) parts.target = url.substr(slash);
  if (const std::size_t colon = authority.rfind(':'); colon != std::string::npos && authority.back() != ']') {
    parts.port = authority.substr(colon + 1);
    authority.resize(colon);
  }
  parts.host =
      authority.starts_with("[") && authority.ends_with("]") ? authority.substr(1, authority.size() - 2) : authority;
  if (parts.host.empty() || parts.port.empty() || parts.port.find_first_not_of("0123456789") != std::string::npos)
    return bad("has no host");
  return parts;
}

bool in_network(std::uint32_t address, std::uint32_t network, unsigned bits) {
  return address >> (32 - bits) == network >> (32 - bits);
}

// RFC 6890, and multicast: what is not the public Internet.
bool is_public(const asio::ip::address& address) {
  if (address.is_v6()) {
    const asio::ip::address_v6 six = address.to_v6();
    if (six.is_v4_mapped()) return is_public(asio::ip::make_address_v4(asio::ip::v4_mapped, six));
    return (six.to_bytes()[0] & 0xe0) == 0x20 && !(six.to_bytes()[0] == 0x20 && six.to_bytes()[1] == 0x01 &&
                                                   six.to_bytes()[2] == 0x0d && six.to_bytes()[3] == 0xb8);
  }
  static constexpr struct {
    std::uint32_t network;
    unsigned bits;
  } elsewhere[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
                   {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0a80000, 16}, {0xc6120000, 15},
                   {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};
  const std::uint32_t four = address.to_v4().to_uint();
  return std::ranges::none_of(elsewhere, [&](const auto& net) { return in_network(four, net.network, net.bits); });
}

struct Outcome {
  Result<Bytes> answer = fail(ErrorCode::unavailable, "no answer in time");
};

asio::awaitable<void> get(const Url& url, const FetchLimits& limits, Outcome& outcome) {
  const auto executor = co_await asio::this_coro::executor;
  beast::error_code error;
  tcp::resolver resolver(executor);
  const auto found =
      co_await resolver.async_resolve(url.host, url.port, asio::redirect_error(asio::use_awaitable, error));
  if (error) {
    outcome.answer = fail(ErrorCode::unavailable, error.message());
    co_return;
  }
  const bool known = std::ranges::find(limits.known_hosts, url.host) != limits.known_hosts.end();
  std::vector<tcp::endpoint> endpoints;
  for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  if (!known &&
      !std::ranges::all_of(endpoints, [](const tcp::endpoint& endpoint) { return is_public(endpoint.address()); })) {
    outcome.answer = fail(ErrorCode::permission_denied, "its address is not public");
    co_return;
  }
  beast::tcp_stream stream(executor);
  co_await stream.async_connect(endpoints, asio::redirect_error(asio::use_awaitable, error));
  bhttp::request<bhttp::empty_body> request(bhttp::verb::get, url.target, 11);
  request.set(bhttp::field::host, url.host);
  request.set(bhttp::field::user_agent, "antin");
  request.set(bhttp::field::connection, "close");
  if (!error) co_await bhttp::async_write(stream, request, asio::redirect_error(asio::use_awaitable, error));
  bhttp::response_parser<bhttp::vector_body<std::uint8_t>> parser;
  parser.body_limit(limits.octets);
  beast::flat_buffer buffer;
  if (!error) co_await bhttp::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, error));
  if (error == bhttp::error::body_limit)
    outcome.answer = fail(ErrorCode::resource_exhausted, "larger than " + std::to_string(limits.octets) + " octets");
  else if (error)
    outcome.answer = fail(ErrorCode::unavailable, error.message());
  else if (parser.get().result_int() != 200)
    outcome.answer = fail(ErrorCode::unavailable, "HTTP " + std::to_string(parser.get().result_int()));
  else
    outcome.answer = Bytes(std::move(parser.get().body()));
}

}  // namespace

Result<std::string> host_of(const std::string& url) {
  ANTIN_TRY(Url parts, parse(url));
  return std::move(parts.host);
}

Result<Bytes> fetch(const std::string& url, const FetchLimits& limits) {
  ANTIN_TRY(const Url parts, parse(url));
  try {
    asio::io_context context(1);
    Outcome outcome;
    asio::co_spawn(context, get(parts, limits, outcome), asio::detached);
    context.run_for(std::chrono::seconds(limits.seconds));
    return in("fetch " + url, std::move(outcome.answer));
  } catch (const std::exception& failure) {
    return fail(ErrorCode::unavailable, "fetch " + url + ": " + failure.what());
  }
}

}  // namespace antin::http
