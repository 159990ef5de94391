// TimeStampResp, the CMS around a token, TSTInfo and the attributes that it signs (RFC 3161, 5652, 5035).
#include "ca/lint/base_types.h"
#include "ca/lint/schemas.h"

namespace antin::lint {
namespace {

using namespace types;

// --- the answer of the authority ---
constexpr Type free_text = list_of(utf8_string);
constexpr Field status_fields[] = {
    {"status", integer}, optional("statusString", free_text), optional("failInfo", named_bits)};
constexpr Type status = record(status_fields);
constexpr Field answer_fields[] = {{"status", status}, optional("timeStampToken", any)};

// --- SignedData ---
constexpr Field content_fields[] = {{"contentType", oid}, explicitly("content", any, 0, Presence::required)};
constexpr Type set_of_any{Form::set_of, {}, &any, 0};
constexpr Type values{Form::set_of, {}, &any, 0};
constexpr Field attribute_fields[] = {{"attrType", oid}, {"attrValues", values}};
constexpr Type attribute = record(attribute_fields);
constexpr Type attributes{Form::set_of, {}, &attribute, 1};
constexpr Field encapsulated_fields[] = {{"eContentType", oid}, explicitly("eContent", octets, 0)};
constexpr Type encapsulated = record(encapsulated_fields);
constexpr Type algorithms{Form::set_of, {}, &algorithm, 0};
constexpr Field issuer_serial_fields[] = {{"issuer", name_type}, {"serialNumber", integer}};
constexpr Type issuer_serial = record(issuer_serial_fields);
constexpr Field signer_id_fields[] = {{"issuerAndSerialNumber", issuer_serial},
                                      implicit("subjectKeyIdentifier", octets, 0)};
constexpr Type signer_id = choice(signer_id_fields);
constexpr Field signer_fields[] = {
    {"version", integer},
    {"sid", signer_id},
    {"digestAlgorithm", algorithm},
    implicit("signedAttrs", attributes, 0),
    {"signatureAlgorithm", algorithm},
    {"signature", octets},
    implicit("unsignedAttrs", attributes, 1),
};
constexpr Type signer = record(signer_fields);
constexpr Type signers{Form::set_of, {}, &signer, 0};
constexpr Field signed_data_fields[] = {
    {"version", integer},
    {"digestAlgorithms", algorithms},
    {"encapContentInfo", encapsulated},
    implicit("certificates", set_of_any, 0),
    implicit("crls", set_of_any, 1),
    {"signerInfos", signers},
};

// --- TSTInfo ---
constexpr Field imprint_fields[] = {{"hashAlgorithm", algorithm}, {"hashedMessage", octets}};
constexpr Type imprint = record(imprint_fields);
constexpr Field accuracy_fields[] = {optional("seconds", integer), implicit("millis", integer, 0),
                                     implicit("micros", integer, 1)};
constexpr Type accuracy = record(accuracy_fields);
constexpr Field info_fields[] = {
    {"version", integer},
    {"policy", oid},
    {"messageImprint", imprint},
    {"serialNumber", integer},
    {"genTime", generalized_time},
    optional("accuracy", accuracy),
    false_by_default("ordering", boolean),
    optional("nonce", integer),
    explicitly("tsa", general_name_type, 0),
    implicit("extensions", extensions_type, 1),
};

// --- signing certificate (RFC 5035 §5) ---
constexpr Field ess_issuer_fields[] = {{"issuer", general_names_type}, {"serialNumber", integer}};
constexpr Type ess_issuer = record(ess_issuer_fields);
constexpr Field ess_id_fields[] = {{"certHash", octets}, optional("issuerSerial", ess_issuer)};
constexpr Type ess_id = record(ess_id_fields);
constexpr Type ess_ids = list_of(ess_id);
constexpr std::array<std::uint8_t, 11> sha256_content{0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
constexpr Field ess_id_2_fields[] = {
    {"hashAlgorithm", algorithm, Tagging::none, 0, Presence::defaulted, ByteView(sha256_content)},
    {"certHash", octets},
    optional("issuerSerial", ess_issuer),
};
constexpr Type ess_id_2 = record(ess_id_2_fields);
constexpr Type ess_ids_2 = list_of(ess_id_2);
constexpr Type policies = list_of(any);
constexpr Field signing_fields[] = {{"certs", ess_ids}, optional("policies", policies)};
constexpr Field signing_2_fields[] = {{"certs", ess_ids_2}, optional("policies", policies)};

}  // namespace

constexpr Type time_stamp_answer_type = record(answer_fields);
constexpr Type content_info_type = record(content_fields);
constexpr Type signed_data_type = record(signed_data_fields);
constexpr Type token_info_type = record(info_fields);
constexpr Type signing_certificate_type = record(signing_fields);
constexpr Type signing_certificate_2_type = record(signing_2_fields);

}  // namespace antin::lint
