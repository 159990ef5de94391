#include "cli/http/server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <thread>

#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::http;

namespace {

// Sends octets to the port of this machine; everything that comes back until the other side closes.
std::string asked(std::uint16_t port, const std::string& text) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::send(socket, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()));
  std::string answer;
  char some[4096];
  for (ssize_t got = 0; (got = ::recv(socket, some, sizeof some, 0)) > 0;)
    answer.append(some, static_cast<std::size_t>(got));
  ::close(socket);
  return answer;
}

const std::string get = "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

// A server on a free port, ended as an administrator ends it.
struct Running {
  std::promise<std::uint16_t> listening;
  std::thread thread;
  std::uint16_t port = 0;
  Status ended;

  Running(const ServerOptions& options, const std::function<Response(const Request&)>& answer)
      : thread([this, options, answer] {
          ended = serve(options, answer, [this](std::uint16_t chosen) -> Status {
            listening.set_value(chosen);
            return {};
          });
        }) {
    port = listening.get_future().get();
  }
  void stop() {
    ::kill(::getpid(), SIGTERM);
    thread.join();
  }
};

Response text(const std::string& body) { return {200, "text/plain", {}, to_bytes(bytes_of(body))}; }

}  // namespace

TEST_CASE("one worker that is busy: nobody's request is lost, and more than may wait are told so at once") {
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future().share();
  std::atomic<int> begun = 0;
  Running server({.port = 0, .threads = 1, .max_waiting = 1}, [&](const Request&) {
    ++begun;
    gate.wait();
    return text("done");
  });
  auto first = std::async(std::launch::async, asked, server.port, get);
  while (begun == 0) std::this_thread::yield();
  // Two more: one may wait, the other is turned away while the worker still holds the first.
  auto second = std::async(std::launch::async, asked, server.port, get);
  auto third = std::async(std::launch::async, asked, server.port, get);
  while (second.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready &&
         third.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  go.set_value();
  const std::string answers[] = {first.get(), second.get(), third.get()};
  int served = 0, refused = 0;
  for (const std::string& answer : answers) {
    served += answer.starts_with("HTTP/1.1 200");
    refused += answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: 1");
  }
  CHECK(served == 2);
  CHECK(refused == 1);
  server.stop();
  CHECK(server.ended.has_value());
}

TEST_CASE("a server that is told to end finishes the request that it has begun") {
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future().share();
  std::atomic<int> begun = 0;
  Running server({.port = 0, .threads = 1}, [&](const Request&) {
    ++begun;
    gate.wait();
    return text("finished");
  });
  auto answer = std::async(std::launch::async, asked, server.port, get);
  while (begun == 0) std::this_thread::yield();
  ::kill(::getpid(), SIGTERM);
  go.set_value();
  server.thread.join();
  CHECK(server.ended.has_value());
  CHECK(answer.get().contains("finished"));
}

TEST_CASE("what is not loopback needs TLS, and TLS needs files that fit and a key that nobody else reads") {
  const auto refusal = [](const ServerOptions& options) {
    const Status done = serve(
        options, [](const Request&) { return Response(); },
        [](std::uint16_t) -> Status { return fail(ErrorCode::internal, "listening"); });
    return done.error();
  };
  CHECK(refusal({.address = "192.0.2.1", .port = 0}).code == ErrorCode::permission_denied);
  CHECK(refusal({.address = "localhost", .port = 0}).code == ErrorCode::invalid_argument);
  TemporaryDirectory folder;
  REQUIRE(write_file(folder / "key.pem", "no key", 0600));
  REQUIRE(write_file(folder / "certificate.pem", "no certificate"));
  ServerOptions options{.port = 0, .tls = TlsFiles{folder / "certificate.pem", folder / "key.pem", {}}};
  CHECK(refusal(options).code == ErrorCode::invalid_argument);
  REQUIRE(write_file(folder / "key.pem", "no key", 0640));
  CHECK(refusal(options).code == ErrorCode::permission_denied);
  options.tls->key = folder / "missing.pem";
  CHECK(refusal(options).code == ErrorCode::not_found);
}

TEST_CASE("slow and odd requests end; heads that are too long, and two lengths, are refused") {
  Running server({.port = 0, .threads = 1, .request_seconds = 1, .idle_seconds = 1},
                 [](const Request& request) { return text(request.target); });
  CHECK(asked(server.port, get).starts_with("HTTP/1.1 200"));
  CHECK(asked(server.port, "GET /x HTTP/1.1\r\nHost: loc").empty());
  CHECK_FALSE(
      asked(server.port, "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc").contains("200"));
  CHECK(asked(server.port, "nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
  CHECK(asked(server.port, "GET /x HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20000, 'x') + "\r\n\r\n")
            .starts_with("HTTP/1.1 400"));
  CHECK(asked(server.port, "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd")
            .starts_with("HTTP/1.1 400"));
  CHECK_FALSE(
      asked(server.port,
            "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
          .starts_with("HTTP/1.1 200"));
  server.stop();
}
