// Cross: what is said of a cross certificate, and its making once officers decided. Making finds what an earlier run
// left and goes on from there.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ca/authority/role_register.h"
#include "cli/commands/home_session.h"

namespace antin::commands {

// `dns:a.test, directory:O=…,C=VN`.
std::string subtrees_text(const x509::NameSubtrees& subtrees);
// Within which names, or why within none; a line each, in the language of the run.
std::vector<std::string> limits_words(const Session& session, const authority::CrossChange& change);
// Whom, by whom, until when, and limits_words().
std::vector<std::string> cross_words(const Session& session, const authority::CrossChange& change);
// The same in one line.
std::string cross_summary(const Session& session, const authority::CrossChange& change);
// The members of a proposal that people read: without kind and octets, with the other authority's name and key.
Json cross_row(const authority::CrossChange& change);

// A proposal that says the same and waits; none: it has to be handed in.
const authority::RoleRegister::State* waiting_cross(const authority::RoleRegister& roles,
                                                    const authority::CrossChange& change);
// not_found for a name that officers did not decide on.
Result<authority::RegisteredCross> find_cross(Session& session, const OpenHome& home, const std::string& name);

// The names of the steps in order, for --dry-run and the progress.
std::vector<std::string_view> cross_steps();
// Signs it when it is not on record, and publishes it beside the certificates of the CAs. unavailable while the
// issuer's token is not there.
Result<store::CertificateRecord> complete_cross(Session& session, OpenHome& home,
                                                const authority::RegisteredCross& cross,
                                                const std::function<void(std::string_view step)>& at_step);

}  // namespace antin::commands
