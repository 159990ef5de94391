// Home: the folder in which one authority lives, and the paths of everything inside it. docs/formats/home.md draws it.
//
// A Home is paths alone: making it does not touch the disk.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace antin::wiring {

struct Home {
  Path root;

  Path config() const { return root / "antin.toml"; }
  Path store() const { return root / "store" / "antin.sqlite"; }
  Path ca() const { return root / "ca"; }  // token home of root, party and government
  Path block_lists() const {
    return root / "block-lists";
  }  // published lists of broken keys, read when keys are judged
  Path profiles() const { return root / "profiles"; }  // profiles to propose; those in force are in the store
  Path officers() const { return root / "officers"; }  // token home of officer-1, officer-2
  Path service() const { return root / "service"; }    // token home of seals and leaders; antind's own files
  Path service_store() const { return service() / "service.sqlite"; }
  Path personal() const { return root / "personal"; }  // tokens on their way to subscribers
  Path authority_socket() const { return ca() / "authority.sock"; }
  Path out() const { return root / "out"; }
  Path out_ca() const { return out() / "ca"; }
  Path out_crl() const { return out() / "crl"; }
  Path out_certs() const { return out() / "certs"; }
  Path ceremonies() const { return root / "ceremonies"; }  // files of ceremonies, and their transcripts
  Path ca_certificate(std::string_view name) const { return out_ca() / (std::string(name) + ".pem"); }
  Path crl(std::string_view name) const { return out_crl() / (std::string(name) + ".crl"); }
};

// The home that a command means: `--home`, else ANTIN_HOME, else `./demo`. Absolute; need not exist.
Home find_home(const std::optional<std::string>& flag);
// unavailable, with what to run, when `home` was not initialised.
Status require_initialised(const Home& home);

// The program's version, `0.1.0`.
std::string_view version() noexcept;

}  // namespace antin::wiring
