// Mapping: what becomes of bodies at one moment: who ends, merges, is renamed, joins another or moves. Read from the
// file `antin-reorganisation-1`; docs/formats/reorganisation.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::reorganisation {

enum class Kind { ended, merged, renamed, joined, moved };
std::string_view to_string(Kind kind) noexcept;

// A body as it is afterwards: what its certificate will say.
struct Body {
  authority::Roster::Row row;  // act `issue`, a key in the token
  std::string unit;            // code of the unit that it belongs to then, or empty
  std::size_t line = 0;        // of the file
};

// What becomes of one body.
struct Step {
  std::string from;
  Kind kind = Kind::ended;
  std::string to;                   // the body that follows, itself when it keeps its code; empty for one that ended
  x509::RevocationReason reason{};  // the kind's, unless the line names another
  std::string persons_to;           // where its persons go; empty: nowhere, they leave
  std::size_t line = 0;
  bool ends() const noexcept { return to != from; }
};

// Where one person goes, when the body's line does not say it.
struct Person {
  std::string code, to;  // `to` is empty for who leaves
  std::size_t line = 0;
};

struct Mapping {
  std::string name;
  Time at;                   // first moment of the new order
  std::string requested_by;  // managing body
  std::vector<Body> bodies;
  std::vector<Step> steps;
  std::vector<Person> persons;

  const Body* body(std::string_view code) const;
  const Step* step(std::string_view from) const;
};

// invalid_argument names the line: members that are missing, unknown or do not fit the kind; a body with two
// successors; one that is followed by a body which ends itself, so that chains and circles are none; a merger of one.
Result<Mapping> read_mapping(ByteView file);

}  // namespace antin::reorganisation
