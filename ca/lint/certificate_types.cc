// Certificate, CertificateList and their extensions' values (RFC 5280 appendix A).
#include <array>

#include "ca/lint/base_types.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

using namespace types;

// --- names: attribute values are checked by their type elsewhere ---
constexpr Field attribute_fields[] = {{"type", oid}, {"value", any}};
constexpr Type attribute = record(attribute_fields);
constexpr Type relative_name{Form::set_of, {}, &attribute, 1};
constexpr Type name = list_of(relative_name, 0);

// --- certificate ---
constexpr Field time_fields[] = {{"utcTime", utc_time}, {"generalTime", generalized_time}};
constexpr Type time = choice(time_fields);
constexpr Field validity_fields[] = {{"notBefore", time}, {"notAfter", time}};
constexpr Type validity = record(validity_fields);
constexpr Field key_fields[] = {{"algorithm", algorithm}, {"subjectPublicKey", bit_string}};
constexpr Type key = record(key_fields);
constexpr Field extension_fields[] = {{"extnID", oid}, false_by_default("critical", boolean), {"extnValue", octets}};
constexpr Type extension = record(extension_fields);
constexpr Type extensions = list_of(extension);
constexpr Field tbs_certificate_fields[] = {
    {"version", integer, Tagging::explicitly, 0, Presence::defaulted, zero},
    {"serialNumber", integer},
    {"signature", algorithm},
    {"issuer", name},
    {"validity", validity},
    {"subject", name},
    {"subjectPublicKeyInfo", key},
    implicit("issuerUniqueID", bit_string, 1),
    implicit("subjectUniqueID", bit_string, 2),
    explicitly("extensions", extensions, 3),
};
constexpr Field certificate_fields[] = {
    {"tbsCertificate", tbs_certificate_type}, {"signatureAlgorithm", algorithm}, {"signature", bit_string}};

// --- list of revoked certificates; entries are checked one by one while they pass ---
constexpr Field entry_fields[] = {
    {"userCertificate", integer}, {"revocationDate", time}, optional("crlEntryExtensions", extensions)};
constexpr Type entries = list_of(any, 0);
constexpr Field tbs_list_fields[] = {
    optional("version", integer),
    {"signature", algorithm},
    {"issuer", name},
    {"thisUpdate", time},
    optional("nextUpdate", time),
    optional("revokedCertificates", entries),
    explicitly("crlExtensions", extensions, 0),
};
constexpr Type tbs_list = record(tbs_list_fields);
constexpr Field list_fields[] = {
    {"tbsCertList", tbs_list}, {"signatureAlgorithm", algorithm}, {"signatureValue", bit_string}};

// --- general names ---
constexpr Field other_name_fields[] = {{"type-id", oid}, explicitly("value", any, 0, Presence::required)};
constexpr Type other_name = record(other_name_fields);
constexpr Field party_fields[] = {explicitly("nameAssigner", directory_string_type, 0),
                                  explicitly("partyName", directory_string_type, 1, Presence::required)};
constexpr Type party = record(party_fields);
constexpr Field address_fields[] = {
    {"built-in-standard-attributes", any}, optional("domain", any), optional("more", any)};
constexpr Type address = record(address_fields);
constexpr Field general_name_fields[] = {
    implicit("otherName", other_name, 0),
    implicit("rfc822Name", ia5_string, 1),
    implicit("dNSName", ia5_string, 2),
    implicit("x400Address", address, 3),
    explicitly("directoryName", name, 4),
    implicit("ediPartyName", party, 5),
    implicit("uniformResourceIdentifier", ia5_string, 6),
    implicit("iPAddress", octets, 7),
    implicit("registeredID", oid, 8),
};
constexpr Type general_name = choice(general_name_fields);

// --- extensions of §4.2 ---
constexpr Field authority_key_id_fields[] = {implicit("keyIdentifier", octets, 0),
                                             implicit("authorityCertIssuer", general_names_type, 1),
                                             implicit("authorityCertSerialNumber", integer, 2)};
constexpr Type authority_key_id = record(authority_key_id_fields);
constexpr Field usage_period_fields[] = {implicit("notBefore", generalized_time, 0),
                                         implicit("notAfter", generalized_time, 1)};
constexpr Type usage_period = record(usage_period_fields);
constexpr Field qualifier_fields[] = {{"policyQualifierId", oid}, {"qualifier", any}};
constexpr Type qualifier = record(qualifier_fields);
constexpr Type qualifiers = list_of(qualifier);
constexpr Field policy_fields[] = {{"policyIdentifier", oid}, optional("policyQualifiers", qualifiers)};
constexpr Type policy = record(policy_fields);
constexpr Type policies = list_of(policy);
constexpr Field mapping_fields[] = {{"issuerDomainPolicy", oid}, {"subjectDomainPolicy", oid}};
constexpr Type mapping = record(mapping_fields);
constexpr Type mappings = list_of(mapping);
constexpr Type values{Form::set_of, {}, &any, 1};
constexpr Field directory_attribute_fields[] = {{"type", oid}, {"values", values}};
constexpr Type directory_attribute = record(directory_attribute_fields);
constexpr Type directory_attributes = list_of(directory_attribute);
constexpr Field basic_constraints_fields[] = {false_by_default("cA", boolean), optional("pathLenConstraint", natural)};
constexpr Type basic_constraints = record(basic_constraints_fields);
constexpr Field subtree_fields[] = {
    {"base", general_name}, false_by_default("minimum", natural, 0), implicit("maximum", natural, 1)};
constexpr Type subtree = record(subtree_fields);
constexpr Type subtrees = list_of(subtree);
constexpr Field name_constraints_fields[] = {implicit("permittedSubtrees", subtrees, 0),
                                             implicit("excludedSubtrees", subtrees, 1)};
constexpr Type name_constraints = record(name_constraints_fields);
constexpr Field policy_constraints_fields[] = {implicit("requireExplicitPolicy", natural, 0),
                                               implicit("inhibitPolicyMapping", natural, 1)};
constexpr Type policy_constraints = record(policy_constraints_fields);
constexpr Type oids = list_of(oid);
constexpr Field point_name_fields[] = {implicit("fullName", general_names_type, 0),
                                       implicit("nameRelativeToCRLIssuer", relative_name, 1)};
constexpr Type point_name = choice(point_name_fields);
constexpr Field point_fields[] = {explicitly("distributionPoint", point_name, 0), implicit("reasons", named_bits, 1),
                                  implicit("cRLIssuer", general_names_type, 2)};
constexpr Type point = record(point_fields);
constexpr Type points = list_of(point);
constexpr Field access_fields[] = {{"accessMethod", oid}, {"accessLocation", general_name}};
constexpr Type access = record(access_fields);
constexpr Type accesses = list_of(access);
constexpr Field issuing_point_fields[] = {
    explicitly("distributionPoint", point_name, 0),      false_by_default("onlyContainsUserCerts", boolean, 1),
    false_by_default("onlyContainsCACerts", boolean, 2), implicit("onlySomeReasons", named_bits, 3),
    false_by_default("indirectCRL", boolean, 4),         false_by_default("onlyContainsAttributeCerts", boolean, 5),
};
constexpr Type issuing_point = record(issuing_point_fields);
constexpr Type reason{Form::enumerated, {}, nullptr, 0, 10};

// --- extensions of other texts ---
constexpr Type capabilities = list_of(algorithm, 0);
constexpr Field statement_fields[] = {{"statementId", oid}, optional("statementInfo", any)};
constexpr Type statement = record(statement_fields);
constexpr Type statements = list_of(statement, 0);  // RFC 3739 §3.2.6 has no lower bound
constexpr Type features = list_of(integer, 0);
constexpr Field crl_id_fields[] = {explicitly("crlUrl", ia5_string, 0), explicitly("crlNum", integer, 1),
                                   explicitly("crlTime", generalized_time, 2)};
constexpr Type crl_id = record(crl_id_fields);

// --- policy qualifiers ---
constexpr Type display_ia5 = text(Form::ia5_string, 1, 200), display_visible = text(Form::visible_string, 1, 200),
               display_bmp = text(Form::bmp_string, 1, 200), display_utf8 = text(Form::utf8_string, 1, 200);
constexpr Field display_fields[] = {{"ia5String", display_ia5},
                                    {"visibleString", display_visible},
                                    {"bmpString", display_bmp},
                                    {"utf8String", display_utf8}};
constexpr Type display = choice(display_fields);
constexpr Type numbers = list_of(integer, 0);
constexpr Field reference_fields[] = {{"organization", display}, {"noticeNumbers", numbers}};
constexpr Type reference = record(reference_fields);
constexpr Field notice_fields[] = {optional("noticeRef", reference), optional("explicitText", display)};

struct KnownExtension {
  x509::der::OidLiteral oid;
  const Type* type;
};
constexpr KnownExtension known_extensions[] = {
    {"2.5.29.35", &authority_key_id},
    {"2.5.29.14", &octets},
    {"2.5.29.15", &named_bits},
    {"2.5.29.37", &oids},
    {"2.5.29.19", &basic_constraints},
    {"2.5.29.32", &policies},
    {"2.5.29.17", &general_names_type},
    {"2.5.29.31", &points},
    {"1.3.6.1.5.5.7.1.1", &accesses},
    {"2.5.29.21", &reason},
    {"2.5.29.24", &generalized_time},
    {"2.5.29.29", &general_names_type},
    {"2.5.29.20", &natural},
    {"2.5.29.28", &issuing_point},
    {"2.5.29.27", &natural},
    {"2.5.29.16", &usage_period},
    {"2.5.29.33", &mappings},
    {"2.5.29.18", &general_names_type},
    {"2.5.29.9", &directory_attributes},
    {"2.5.29.30", &name_constraints},
    {"2.5.29.36", &policy_constraints},
    {"2.5.29.54", &natural},
    {"2.5.29.46", &points},
    {"2.5.29.56", &null},  // RFC 9608 §2
    {"2.5.29.23", &oid},
    {"2.5.29.60", &generalized_time},
    {"1.3.6.1.5.5.7.1.11", &accesses},
    {"1.3.6.1.5.5.7.1.3", &statements},  // RFC 3739 §3.2.6
    {"1.3.6.1.5.5.7.1.24", &features},   // RFC 7633 §4.1
    {"1.3.6.1.5.5.7.48.1.5", &null},     // RFC 6960 §4.2.2.2.1
    {"1.3.6.1.5.5.7.48.1.3", &crl_id},   // RFC 6960 §4.4.2
    {"1.3.6.1.5.5.7.48.1.6", &generalized_time},
    {"1.3.6.1.5.5.7.48.1.2", &octets},         // RFC 9654 §2.1
    {"1.3.6.1.5.5.7.48.1.9", &null},           // RFC 6960 §4.4.8
    {"1.3.6.1.4.1.11129.2.4.5", &octets},      // RFC 6962 §3.3
    {"1.2.840.113549.1.9.15", &capabilities},  // RFC 4262
    {"1.3.6.1.4.1.11129.2.4.2", &octets},      // RFC 6962 §3.3
    {"1.3.6.1.4.1.11129.2.4.3", &null},        // RFC 6962 §3.1
};

}  // namespace

constexpr Type certificate_type = record(certificate_fields);
constexpr Type tbs_certificate_type = record(tbs_certificate_fields);
constexpr Type crl_type = record(list_fields);
constexpr Type crl_entry_type = record(entry_fields);
constexpr Type name_type = name;
constexpr Type extensions_type = extensions;
constexpr Type general_name_type = general_name;
constexpr Type reason_type = reason;
constexpr Type general_names_type = list_of(general_name);
constexpr Type user_notice_type = record(notice_fields);
constexpr Type cps_uri_type = ia5_string;

const Type* extension_type(ByteView id) noexcept {
  for (const KnownExtension& one : known_extensions)
    if (same_oid(one.oid.content(), id)) return one.type;
  return nullptr;
}

}  // namespace antin::lint
