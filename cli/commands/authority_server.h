// The server of `antin authority run`: a Unix socket in HOME/ca, for this machine alone and for the users named.
#pragma once

#include <functional>
#include <string>

#include "base/file.h"
#include "base/result.h"

namespace antin::commands {

struct AuthorityServer {
  Path socket;                                            // made with mode 0600
  std::function<std::string(const std::string&)> answer;  // one line in, one line out; both without the newline
  std::function<void()> tick;                             // called about once a second, between requests
};

// Serves until SIGTERM or SIGINT; a request that was begun is finished first. Peers are judged by SO_PEERCRED: this
// process's user and root; others are shut out. One request at a time: the issuing token is the bottleneck anyhow.
Status serve(const AuthorityServer& server);

// One request to the server at `socket` and its answer; unavailable when nobody listens.
Result<std::string> ask(const Path& socket, const std::string& line);

}  // namespace antin::commands
