// The standard's names, and sentences for people.
#include "base/message.h"
#include "signer/validation/verify.h"

namespace antin::validation {
namespace {

constexpr Message messages[] = {
    {"verify.good", "Chữ ký hợp lệ: nội dung nguyên vẹn, chứng thư số còn hiệu lực và được tin cậy.",
     "The signature is good: the content is intact, the certificate is valid and trusted."},
    {"verify.issuer", "Cơ quan cấp chứng thư số: {0}", "Certificate issued by: {0}"},
    {"verify.validity", "Hiệu lực chứng thư số: từ {0} đến {1}", "Certificate valid from {0} to {1}"},
    {"verify.claimed_time", "Thời điểm ký (do người ký khai): {0}", "Time of signing (claimed): {0}"},
    {"verify.hash", "Nội dung đã bị thay đổi sau khi ký: giá trị băm không khớp ({0}).",
     "The content was changed after signing: the digest does not match ({0})."},
    {"verify.crypto", "Giá trị chữ ký không khớp với khóa của người ký.",
     "The signature value does not match the signer's key."},
    {"verify.format", "Cấu trúc chữ ký không đúng: {0}", "The signature is malformed: {0}"},
    {"verify.no_signer", "Không tìm thấy chứng thư số của người ký trong chữ ký.",
     "The signer's certificate is not in the signature."},
    {"verify.other_signer", "Chứng thư số trong chữ ký không phải là chứng thư số đã được ký kèm.",
     "The certificate in the signature is not the one that was signed with it."},
    {"verify.no_reference", "Chữ ký không gắn với chứng thư số của người ký (thiếu signing-certificate).",
     "The signature does not bind the signer's certificate (no signing-certificate attribute)."},
    {"verify.weak", "Thuật toán không được chấp nhận: {0}", "The algorithm is not accepted: {0}"},
    {"verify.no_data", "Chữ ký rời: chưa có tệp gốc để đối chiếu.",
     "Detached signature: the signed file was not given."},
    {"verify.changed", "Tài liệu bị sửa đổi sau chữ ký này: {0}", "The document was changed after this signature: {0}"},
    {"verify.added", "Sau chữ ký này tài liệu được bổ sung trong phạm vi cho phép.",
     "What was added after this signature is permitted."},
    {"verify.covered", "Chữ ký sau có hình ảnh trên trang mà chữ ký này bảo vệ: {0}. Cần xem hình ảnh đó che gì.",
     "A later signature shows an image on a page that this one covers: {0}. Look at what it hides."},
    {"verify.kind", "Loại chữ ký {0} chưa được hỗ trợ, nên không kết luận được.",
     "Signatures of the kind {0} are not supported, so there is no verdict."},
    {"verify.timestamp",
     "Tài liệu có dấu thời gian {0} lúc {1}; giá trị băm khớp. Cơ quan cấp dấu thời gian chưa được kiểm tra, nên đây "
     "chưa phải là bằng chứng về thời điểm.",
     "The document has a time-stamp {0} of {1}; its digest matches. Its authority is not checked here, so it does not "
     "prove the time yet."},
    {"verify.timestamp_unknown",
     "Tài liệu có dấu thời gian {0} dùng thuật toán chưa được hỗ trợ; dấu thời gian này không được xét.",
     "The document has a time-stamp {0} with an algorithm that is not supported; it was not considered."},
    {"verify.timestamp_broken", "Dấu thời gian {0} không khớp với tài liệu.",
     "The time-stamp {0} does not match the document."},
    {"verify.other_file", "Tệp được đưa để đối chiếu khác với nội dung nằm trong chữ ký.",
     "The file that was given is not the content that the signature carries."},
    {"verify.file_unused", "Tài liệu này mang nội dung được ký bên trong; tệp được đưa kèm không được đối chiếu.",
     "This document carries what it signs; the file that was given beside it was not compared."},
    {"verify.padding", "Sau chữ ký, trong vùng dành cho chữ ký, còn dữ liệu lạ không được ký.",
     "Behind the signature, in the space kept for it, stand other octets that nothing signs."},
    {"verify.repaired", "Tệp PDF bị hỏng và phải sửa mới đọc được.",
     "The PDF is damaged and had to be mended to be read."},
    {"verify.revoked",
     "Chứng thư số của người ký đã bị thu hồi lúc {0} (lý do: {1}); không có bằng chứng là đã ký trước đó.",
     "The signer's certificate was revoked at {0} (reason: {1}); there is no proof that the signature is older."},
    {"verify.revoked_ca", "Chứng thư số của cơ quan cấp đã bị thu hồi.",
     "The certificate of an issuing authority was revoked."},
    {"verify.on_hold", "Chứng thư số của người ký đang bị tạm dừng.", "The signer's certificate is suspended."},
    {"verify.no_chain", "Chứng thư số không do cơ quan được tin cậy cấp: {0}",
     "The certificate does not come from a trusted authority: {0}"},
    {"verify.expired", "Chứng thư số đã hết hạn và không có bằng chứng là đã ký khi còn hạn.",
     "The certificate has expired and there is no proof that the signature is older."},
    {"verify.not_yet_valid", "Chứng thư số chưa có hiệu lực.", "The certificate is not valid yet."},
    {"verify.no_status", "Không biết được tình trạng chứng thư số: thiếu danh sách thu hồi còn hiệu lực ({0}).",
     "The certificate's status cannot be had: no fresh revocation list ({0})."},
    {"verify.constraints", "Chứng thư số không được dùng để ký văn bản: {0}",
     "The certificate may not be used to sign documents: {0}"},
    {"verify.chain", "Đường dẫn chứng thư số không kiểm tra được: {0}", "The certification path does not verify: {0}"},
    {"verify.no_signature", "Tài liệu không có chữ ký số.", "The document is not signed."},
    {"verify.unsigned_file", "Tệp {0} nằm trong gói nhưng không được ký.",
     "The file {0} is in the container but not signed."},
    {"verify.missing_file", "Tệp {0} đã được ký nhưng không có trong gói.",
     "The file {0} was signed but is not in the container."},
    {"verify.dossier", "Hồ sơ không khớp với bản kê: {0}", "The dossier does not match its manifest: {0}"},
};

}  // namespace

std::string sentence(const Reason& reason, std::string_view language) {
  return to_text(messages, reason.id, language == "en" ? Language::en : Language::vi, reason.arguments);
}

std::string_view to_string(Indication indication) noexcept {
  switch (indication) {
    case Indication::total_passed:
      return "TOTAL-PASSED";
    case Indication::indeterminate:
      return "INDETERMINATE";
    case Indication::total_failed:
      return "TOTAL-FAILED";
    case Indication::no_signature:
      return "NO-SIGNATURE";
  }
  return "INDETERMINATE";
}

std::string_view to_string(SubIndication indication) noexcept {
  switch (indication) {
    case SubIndication::none:
      return "";
    case SubIndication::format_failure:
      return "FORMAT_FAILURE";
    case SubIndication::hash_failure:
      return "HASH_FAILURE";
    case SubIndication::sig_crypto_failure:
      return "SIG_CRYPTO_FAILURE";
    case SubIndication::revoked:
      return "REVOKED";
    case SubIndication::revoked_no_poe:
      return "REVOKED_NO_POE";
    case SubIndication::revoked_ca_no_poe:
      return "REVOKED_CA_NO_POE";
    case SubIndication::out_of_bounds_no_poe:
      return "OUT_OF_BOUNDS_NO_POE";
    case SubIndication::not_yet_valid:
      return "NOT_YET_VALID";
    case SubIndication::expired:
      return "EXPIRED";
    case SubIndication::no_certificate_chain_found:
      return "NO_CERTIFICATE_CHAIN_FOUND";
    case SubIndication::no_signing_certificate_found:
      return "NO_SIGNING_CERTIFICATE_FOUND";
    case SubIndication::chain_constraints_failure:
      return "CHAIN_CONSTRAINTS_FAILURE";
    case SubIndication::certificate_chain_general_failure:
      return "CERTIFICATE_CHAIN_GENERAL_FAILURE";
    case SubIndication::crypto_constraints_failure:
      return "CRYPTO_CONSTRAINTS_FAILURE";
    case SubIndication::crypto_constraints_failure_no_poe:
      return "CRYPTO_CONSTRAINTS_FAILURE_NO_POE";
    case SubIndication::sig_constraints_failure:
      return "SIG_CONSTRAINTS_FAILURE";
    case SubIndication::signed_data_not_found:
      return "SIGNED_DATA_NOT_FOUND";
    case SubIndication::try_later:
      return "TRY_LATER";
    case SubIndication::generic:
      return "GENERIC";
  }
  return "GENERIC";
}

}  // namespace antin::validation
