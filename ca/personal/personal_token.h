// Personal tokens: what this authority does with subscribers' tokens, as acts on record. A token is begun, gets its key,
// then the certificate that officers approved, then its letter; later it may be unblocked, recycled or reported lost.
// docs/decisions/0016-personalisation.md.
//
// Nothing here touches a token: each act is recorded by whoever did it, in one transaction with its log entry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ca/authority/authority.h"

namespace antin::personal {

enum class State { begun, keyed, certified, handed, recycled, lost };
std::string_view to_string(State state) noexcept;
State state_of(const store::PersonalToken& token);
// No more is done with a token that was recycled or lost.
inline bool is_over(State state) { return state == State::recycled || state == State::lost; }

// The last act of that kind; none when there was none.
const store::PersonalToken::Event* last(const store::PersonalToken& token, store::PersonalAct act);
// The serial that the token said when its key was made; empty before.
std::string serial_of(const store::PersonalToken& token);
// Of the last letter that was printed for it, SHA-256 in hexadecimal; empty before.
std::string letter_of(const store::PersonalToken& token);
// SHA-256 of the key's SubjectPublicKeyInfo; failed_precondition before the key was made.
Result<Bytes> key_hash_of(const store::PersonalToken& token);
// Why it was set aside, when that is the last thing that happened to it.
std::string trouble_of(const store::PersonalToken& token);

// The row that the token is for, its number 1.
Result<authority::Roster::Row> row_of(const store::PersonalToken& token);

// A row of a list that waits for a token.
struct Place {
  std::string id, label;                     // of its token: that of `open`, or the next one's
  Bytes content;                             // the canonical row
  std::optional<store::PersonalToken> open;  // what was begun for it and is not over
};
// invalid_argument for a row that makes no key in a token.
Result<Place> place_of(const std::vector<store::PersonalToken>& tokens, const authority::Roster::Row& row);

// Puts the token on record; the PIN of its security officer must be safe by then. already_exists for one that is there.
Result<store::PersonalToken> begin(const authority::Context& context, const Place& place, const std::string& subscriber,
                                   Bytes escrow);
// Records what was done; `at` is filled in. failed_precondition when the act does not follow from the token's state: a
// second letter above all.
Status record(const authority::Context& context, const std::string& token_id, store::PersonalToken::Event event);

// The one that `name` means, by label, serial or id, else the only one of a subscriber that is not over. not_found,
// failed_precondition when it is not unique.
Result<store::PersonalToken> find(const std::vector<store::PersonalToken>& tokens, const std::string& name);

}  // namespace antin::personal
