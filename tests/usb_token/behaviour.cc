#include "tests/usb_token/behaviour.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace antin::usb {
namespace {

using Path = std::filesystem::path;

Path folder() {
  const char* named = std::getenv("ANTIN_USB_TOKEN");
  return named == nullptr ? Path("/nonexistent") : Path(named);
}

std::string read(const Path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string line(const Path& file) {
  std::string text = read(file);
  return text.substr(0, text.find('\n'));
}

Path tries(const std::string& serial) { return folder() / ("tries-" + serial); }

// While it lives, no other process counts.
class Counting {
 public:
  Counting() : fd_(::open((folder() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) { ::flock(fd_, LOCK_EX); }
  Counting(const Counting&) = delete;
  Counting& operator=(const Counting&) = delete;
  ~Counting() { ::close(fd_); }

 private:
  int fd_;
};

}  // namespace

bool behaves(const std::string& word) {
  std::istringstream words(read(folder() / "behaviour"));
  for (std::string each; words >> each;)
    if (each == word) return true;
  return false;
}

unsigned long number(const std::string& word, unsigned long otherwise) {
  std::istringstream words(read(folder() / "behaviour"));
  for (std::string each; words >> each;)
    if (each.starts_with(word + "=")) return std::strtoul(each.c_str() + word.size() + 1, nullptr, 10);
  return otherwise;
}

bool is_inserted(const std::string& label) {
  std::ifstream in(folder() / "inserted");
  if (!in) return false;
  bool names_some = false;
  for (std::string each; std::getline(in, each); names_some = true)
    if (each == label) return true;
  return !names_some || label.empty();
}

std::string insertions() {
  struct stat info{};
  if (::stat((folder() / "inserted").c_str(), &info) != 0) return {};
  return std::to_string(info.st_ino) + ":" + std::to_string(info.st_ctim.tv_sec) + ":" +
         std::to_string(info.st_ctim.tv_nsec);
}

std::string typed_at_token(const std::string& label, bool security_officer) {
  const std::string name = label + (security_officer ? ".so.pin" : ".pin");
  {
    const Counting counting;
    std::ofstream(folder() / "typed", std::ios::app) << name << "\n";
  }
  return line(folder() / "pad" / name);
}

unsigned long wrong_tries(const std::string& serial) { return std::strtoul(read(tries(serial)).c_str(), nullptr, 10); }

void count_wrong_try(const std::string& serial) {
  const Counting counting;
  const unsigned long now = wrong_tries(serial) + 1;
  std::ofstream(tries(serial)) << now << "\n";
}

void forget_wrong_tries(const std::string& serial) {
  const Counting counting;
  std::filesystem::remove(tries(serial));
}

}  // namespace antin::usb
