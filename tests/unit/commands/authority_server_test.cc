#include "cli/commands/authority_server.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "tests/catch.h"
#include "tests/temporary_directory.h"

using namespace antin;
using namespace antin::commands;

namespace {

// The server in a process of its own, since it stops by signal.
class ServerProcess {
 public:
  explicit ServerProcess(const Path& socket) : pid_(::fork()) {
    if (pid_ == 0) {
      AuthorityServer server{socket, [](const std::string& line) { return "<" + line + ">"; }, [] {}};
      ::_exit(serve(server) ? 0 : 1);
    }
    for (int i = 0; i < 500 && !ask(socket, "ready?"); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  ~ServerProcess() {
    if (pid_ > 0) stop();
  }
  int stop() {
    ::kill(pid_, SIGTERM);
    int status = -1;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("The authority answers line by line and its socket is for its user alone") {
  TemporaryDirectory folder;
  const Path socket = folder / "authority.sock";
  ServerProcess server(socket);
  struct stat info{};
  REQUIRE(::stat(socket.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  for (const char* line : {"one", "two", "Đạ K' Nàng"}) {
    auto answer = ask(socket, line);
    REQUIRE(answer.has_value());
    CHECK(*answer == "<" + std::string(line) + ">");
  }
}

TEST_CASE("The authority ends cleanly on SIGTERM and takes its socket away") {
  TemporaryDirectory folder;
  const Path socket = folder / "authority.sock";
  ServerProcess server(socket);
  CHECK(server.stop() == 0);
  CHECK_FALSE(std::filesystem::exists(socket));
}

TEST_CASE("Asking an authority that does not run is unavailable") {
  TemporaryDirectory folder;
  auto answer = ask(folder / "authority.sock", "ping");
  REQUIRE_FALSE(answer.has_value());
  CHECK(answer.error().code == ErrorCode::unavailable);
}
