// Several processes on one folder of SoftHSM2: each sees every token whole, at any moment.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "hsm/pin_source.h"
#include "hsm/pkcs11/module.h"
#include "tests/catch.h"
#include "tests/temporary_directory.h"
#include "tests/unit/hsm/forgive_leaks.h"

using namespace antin;
using namespace antin::hsm;

namespace {

// A process that logs in again and again, each time from the start: SoftHSM2 rewrites the token's file at each.
class Knocker {
 public:
  explicit Knocker(const pkcs11::ModuleConfig& config) : process_(::fork()) {
    if (process_ != 0) return;
    for (;;) {
      Result<std::unique_ptr<pkcs11::Module>> module = pkcs11::Module::load(config);
      KnownPin known(Secret(std::string("user-pin-1")));
      if (!module || !(*module)->open("pkcs11:token=root", known)) ::_exit(1);
    }
  }
  Knocker(const Knocker&) = delete;
  Knocker& operator=(const Knocker&) = delete;
  ~Knocker() { stop(); }
  bool goes_on() { return process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == 0; }
  // At whatever it is doing.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  pid_t process_;
};

// The tokens are made by a process of its own: SoftHSM2 is loaded in this one after the others were started.
void make_token(const pkcs11::ModuleConfig& config) {
  const pid_t maker = ::fork();
  if (maker == 0) {
    const auto module = pkcs11::Module::load(config);
    ::_exit(module && (*module)->initialise("root", Secret(std::string("so-pin-1")), Secret(std::string("user-pin-1")))
                ? 0
                : 1);
  }
  int status = 0;
  ::waitpid(maker, &status, 0);
  REQUIRE(status == 0);
}

}  // namespace

TEST_CASE("while others log in, every token is seen, and sessions are opened on it") {
  TemporaryDirectory home;
  pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
  make_token(config);
  Knocker one(config), two(config);
  const auto module = pkcs11::Module::load(config).value();
  KnownPin known(Secret(std::string("user-pin-1")));
  unsigned unseen = 0, unopened = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto seen = module->tokens();
    if (!seen || seen->size() != 1) ++unseen;
    if (i % 100 == 0 && !module->open("pkcs11:token=root", known)) ++unopened;
  }
  CHECK(unseen == 0);
  CHECK(unopened == 0);
  CHECK(one.goes_on());
  CHECK(two.goes_on());
}

TEST_CASE("who is killed in the middle of a login takes the token from nobody who goes on") {
  TemporaryDirectory home;
  const pkcs11::ModuleConfig config = pkcs11::make_softhsm2_home(home / "t").value();
  make_token(config);
  Knocker lasting(config);
  for (int i = 0; i < 100; ++i) {
    Knocker killed(config);
    ::usleep(static_cast<useconds_t>(i) * 97 % 9000);
  }
  CHECK(lasting.goes_on());
}
