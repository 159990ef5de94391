#include "tests/faults/pkcs11/play.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace antin::faults {
namespace {

std::mutex mutex;  // guards what follows
std::string text;
std::vector<std::string> words;
std::set<std::string> played;  // of what is played once
unsigned often = 0, signatures = 0;

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A fault of a call without a call is one of signing.
std::string complete(std::string word) {
  constexpr std::array of_calls = {"session-lost", "device-error", "device-often", "device-broken", "slow"};
  return std::ranges::find(of_calls, word) == of_calls.end() ? word : word + "@sign";
}

bool has(const std::string& word) { return std::ranges::find(words, word) != words.end(); }

std::vector<CK_SLOT_ID> slots() {
  std::array<CK_SLOT_ID, 32> list{};
  CK_ULONG count = list.size();
  if (real->C_GetSlotList(CK_TRUE, list.data(), &count) != CKR_OK) return {};
  return {list.begin(), list.begin() + static_cast<std::ptrdiff_t>(count)};
}

void end_sessions() {
  const std::unique_lock alone(calls);
  for (const CK_SLOT_ID slot : slots()) real->C_CloseAllSessions(slot);
}

bool change_places() { return has("swapped") || has("replaced") || has("moved"); }

// The token ANTIN_FAULT_TOKEN and the other one that it changes places with: a token, or a free slot for `moved`.
std::array<CK_SLOT_ID, 2> pair() {
  const std::string label = from_environment("ANTIN_FAULT_TOKEN");
  std::array<CK_SLOT_ID, 2> found{CK_UNAVAILABLE_INFORMATION, CK_UNAVAILABLE_INFORMATION};
  for (const CK_SLOT_ID slot : slots()) {
    CK_TOKEN_INFO info{};
    if (real->C_GetTokenInfo(slot, &info) != CKR_OK) continue;
    const bool initialised = (info.flags & CKF_TOKEN_INITIALIZED) != 0;
    const std::string_view name(reinterpret_cast<const char*>(info.label), sizeof info.label);
    if (initialised && name.starts_with(label + " "))
      found[0] = slot;
    else if (initialised != playing("moved"))
      found[1] = slot;
  }
  return found;
}

}  // namespace

void look(bool initialised) {
  bool moved = false;
  {
    const std::lock_guard lock(mutex);
    const std::string now = from_environment("ANTIN_FAULT");
    if (now == text && !initialised) return;
    text = now;
    played.clear();
    signatures = 0;
    words.clear();
    std::istringstream list(now);
    for (std::string word; std::getline(list, word, ',');) words.push_back(complete(word));
    moved = change_places();
  }
  if (moved && !initialised) end_sessions();
}

bool playing(std::string_view word) {
  const std::lock_guard lock(mutex);
  return has(std::string(word));
}

CK_RV fault_at(std::string_view call) {
  look();
  const std::string at = "@" + std::string(call);
  bool lost = false, slow = false;
  {
    const std::lock_guard lock(mutex);
    if (call == "sign") ++signatures;
    const bool gone = has("removed") || has("removed" + at) || (has("removed-later") && signatures > 5);
    if (gone) return call == "open" ? CKR_TOKEN_NOT_PRESENT : CKR_DEVICE_REMOVED;
    if (has("device-broken" + at)) return CKR_DEVICE_ERROR;
    if (has("device-often" + at) && ++often % 5 == 0) return CKR_DEVICE_ERROR;
    if (has("device-error" + at) && played.insert("device-error" + at).second) return CKR_DEVICE_ERROR;
    lost = has("session-lost" + at) && played.insert("session-lost" + at).second;
    slow = has("slow" + at);
  }
  if (lost) end_sessions();
  if (lost) return CKR_SESSION_HANDLE_INVALID;
  const timespec pause{0, slow ? 20'000'000 : 0};
  if (slow) ::nanosleep(&pause, nullptr);
  return CKR_OK;
}

CK_SLOT_ID exchanged(CK_SLOT_ID slot) {
  if (!playing("swapped") && !playing("replaced") && !playing("moved")) return slot;
  const auto [ours, other] = pair();
  if (slot == ours) return other;
  return slot == other ? ours : slot;
}

bool is_empty(CK_SLOT_ID shown) { return playing("replaced") && shown == pair()[1]; }

CK_ULONG session_limit() {
  const std::string limit = from_environment("ANTIN_FAULT_SESSIONS");
  return limit.empty() ? 0 : std::strtoul(limit.c_str(), nullptr, 10);
}

}  // namespace antin::faults
