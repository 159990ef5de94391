// The rules, by the part that they read. Each is given what passed its schema and adds its findings. Only for ca/lint.
#pragma once

#include "ca/lint/findings.h"
#include "ca/lint/schema.h"
#include "ca/lint/view.h"

namespace antin::lint {

// A certificate with what several rules ask of it, decided once.
struct Subject {
  const CertificateView& view;
  bool is_ca = false;           // basicConstraints can be read and says so
  bool signed_already = false;  // false for to-be-signed octets
};

std::string describe(const Fault& fault);

// names.cc
void lint_name(ByteView rdns, const Place& place, Findings& findings);
void lint_subject(const Subject& subject, const Place& place, Findings& findings);
// Every mail address (emailAddress) of a name has a mailbox's form.
void lint_name_mails(ByteView rdns, const Place& place, Findings& findings);

// general_names.cc
enum class NameUse : std::uint8_t { plain, constraint };
void lint_general_name(const x509::der::Element& name, NameUse use, const Place& place, Findings& findings);
// The content octets of a GeneralNames.
void lint_general_names(ByteView content, const Place& place, Findings& findings);
void lint_uri(std::string_view text, const Place& place, Findings& findings);

// times.cc
void lint_time(const x509::der::Element& time, const Place& place, Findings& findings);
void lint_generalized_time(ByteView content, const Place& place, Findings& findings);
// -1, 0, 1; nothing when one of them has no right form.
std::optional<int> compare_times(const x509::der::Element& a, const x509::der::Element& b);

// object_ids.cc: arcs that every program must be able to read.
void lint_object_id(ByteView oid, const Place& place, Findings& findings);

// algorithms.cc, public_keys.cc
void lint_signature_algorithm(const AlgorithmView& algorithm, const Place& place, Findings& findings);
void lint_public_key(const Subject& subject, const Place& place, Findings& findings);
// `usage`: content octets of the BIT STRING.
void lint_usage_for_key(const Subject& subject, ByteView usage, const Place& place, Findings& findings);
bool has_usage(ByteView usage, unsigned bit) noexcept;

// extensions.cc: syntax, criticality, and what each extension says; marks those that can be read.
void check_extensions(Extensions& extensions, const Place& place, Findings& findings);
void lint_certificate_extensions(const Subject& subject, const Place& place, Findings& findings);
void lint_authority_key_id(ByteView value, const Place& place, Findings& findings);
void lint_distribution_points(ByteView value, const Place& place, Findings& findings);
void lint_access_descriptions(ByteView value, const Place& place, Findings& findings);
// presence.cc
void lint_presence(const Subject& subject, const Place& place, Findings& findings);
// key_usage.cc
void lint_key_usage(const Subject& subject, const Extension& extension, const Place& place, Findings& findings);
// policies.cc
void lint_policies(ByteView value, const Place& place, Findings& findings);
void lint_policy_mappings(ByteView value, const Place& place, Findings& findings);
// name_constraints.cc
void lint_name_constraints(ByteView value, const Place& place, Findings& findings);
// qualified_statements.cc
void lint_qualified_statements(ByteView value, const Place& place, Findings& findings);
// transparency.cc
void lint_scts(ByteView value, const Place& place, Findings& findings);

// 1 to 2^159-1, from content octets (RFC 5280 §4.1.2.2).
void lint_serial(ByteView serial, const Place& place, Findings& findings);

}  // namespace antin::lint
