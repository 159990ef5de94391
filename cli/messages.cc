#include "cli/messages.h"

#include <vector>

namespace antin::commands {
namespace {

constexpr Message own[] = {
    {"error.line", "antin: lỗi: {0}", "antin: error: {0}"},
    {"error.hint", "  gợi ý: {0}", "  hint: {0}"},
    {"hint.usage", "xem `antin --help` hoặc `antin LỆNH --help`", "see `antin --help` or `antin COMMAND --help`"},
    {"hint.invalid_argument", "sửa dữ liệu đầu vào ở chỗ đã nêu rồi chạy lại; chưa có gì được ghi", "correct the input at the place named and run again; nothing was written"},
    {"hint.not_found", "kiểm tra tên hoặc đường dẫn; `antin cert list`, `antin roster list` cho biết những gì đang có",
     "check the name or path; `antin cert list` and `antin roster list` show what there is"},
    {"hint.already_exists", "đã có sẵn; không cần làm lại", "it is there already; there is nothing to do again"},
    {"hint.failed_precondition", "trạng thái hiện tại không cho phép; làm bước được nêu trước rồi chạy lại", "the present state does not allow it; do the step named first, then run again"},
    {"hint.permission_denied", "chính sách từ chối; sửa nguyên nhân đã nêu, không có cách bỏ qua", "policy refuses it; remove the reason named, there is no way around it"},
    {"hint.unauthenticated", "kiểm tra nguồn PIN của token trong antin.toml; PIN sai không được thử lại", "check the token's PIN source in antin.toml; a wrong PIN is not tried again"},
    {"hint.resource_exhausted", "giải phóng chỗ trên đĩa hoặc dùng tệp nhỏ hơn rồi chạy lại", "free disk space or use a smaller file, then run again"},
    {"hint.unavailable", "cắm hoặc bật token, kho dữ liệu hay tiến trình đã nêu rồi chạy lại; `antin token doctor` giúp tìm nguyên nhân",
     "bring back the token, store or process named and run again; `antin token doctor` helps to find the reason"},
    {"hint.aborted", "chạy lại để làm tiếp phần còn lại", "run again to go on with the rest"},
    {"hint.data_loss", "dừng ghi, chạy `antin log verify` và khôi phục từ bản sao lưu", "stop writing, run `antin log verify` and restore from a backup"},
    {"hint.unimplemented", "dùng phiên bản hoặc thư viện có chức năng này, hoặc bỏ tùy chọn", "use a version or library that has it, or leave the option out"},
    {"hint.internal", "đây là lỗi của chương trình: hãy báo lỗi kèm dòng trên", "this is a defect of the program: report it with the line above"},

    {"init.step.home", "Chuẩn bị thư mục, cấu hình và kho dữ liệu", "Preparing folders, configuration and store"},
    {"init.step.service", "Tạo token con dấu và token lãnh đạo", "Making the tokens of seals and leaders"},
    {"init.step.officers", "Tạo token của hai cán bộ duyệt", "Making the tokens of two officers"},
    {"init.step.root", "Lễ tạo khóa: CA gốc", "Ceremony: the root CA"},
    {"init.step.issuing", "Lễ tạo khóa: CA khối Đảng và CA khối Nhà nước", "Ceremony: the CAs of the Party bloc and of the government bloc"},
    {"init.step.certificates", "Cấp chứng thư cho cán bộ duyệt và dịch vụ ký", "Certificates of the officers and of the document service"},
    {"init.step.crls", "Công bố ba danh sách thu hồi đầu tiên", "Publishing the first three CRLs"},
    {"init.done", "Đã khởi tạo {0}.", "{0} is initialised."},
    {"init.complete_before", "{0} đã được khởi tạo từ trước; không có gì thay đổi.", "{0} was initialised before; nothing was changed."},

    {"roster.sampled", "Đã viết {0}: {1} tổ chức, {2} cá nhân; {3} khóa RSA-2048.", "{0} is written: {1} organisations, {2} persons; {3} keys are RSA-2048."},
    {"roster.csr_malformed", "yêu cầu cấp chứng thư không đọc được: {0}", "the certification request cannot be read: {0}"},
    {"roster.csr_no_possession", "yêu cầu không được ký bằng chính khóa của nó", "the request is not signed by the key that it names"},
    {"roster.key_weak", "khóa không được chấp nhận: {0}", "the key is refused: {0}"},
    {"roster.key_twice", "khóa đã có ở dòng {0}", "the key stands in row {0} already"},
    {"roster.key_of_another", "khóa thuộc chứng thư {0} của người khác", "the key belongs to certificate {0} of another subject"},
    {"roster.key_compromised", "khóa đã bị lộ (chứng thư {0})", "the key was compromised (certificate {0})"},
    {"roster.code_twice", "mã {0} đã có ở dòng {1}", "the code {0} stands in row {1} already"},
    {"roster.name_unfit", "tên không hợp lệ: {0}", "the name does not fit: {0}"},
    {"roster.profile_unknown", "không có mẫu chứng thư {0}", "there is no profile {0}"},
    {"roster.kind_profile", "loại {0} không hợp với mẫu {1}", "kind {0} does not fit profile {1}"},
    {"roster.finding.error", "dòng {0}: {1}: {2}", "row {0}: {1}: {2}"},
    {"roster.finding.warning", "dòng {0}: {1}: lưu ý: {2}", "row {0}: {1}: note: {2}"},
    {"roster.checked", "Danh sách {0}: {1} dòng, {2} lỗi, {3} lưu ý.", "Roster {0}: {1} rows, {2} errors, {3} notes."},
    {"roster.submitted", "Đã nộp danh sách {0} ({1} dòng). Mã băm để duyệt:\n{2}", "Roster {0} is submitted ({1} rows). The hash to approve:\n{2}"},
    {"roster.would_approve", "Sẽ duyệt danh sách {0} bằng chứng thư {1}.", "Would approve roster {0} with certificate {1}."},
    {"roster.approved", "{1} đã duyệt danh sách {0}: {2}/{3} chữ ký duyệt.", "{1} approved roster {0}: {2} of {3} approvals."},
    {"roster.waiting", "Danh sách {0} còn thiếu {1} chữ ký duyệt; chưa cấp chứng thư nào.", "Roster {0} waits for {1} more approvals; nothing was issued."},
    {"roster.issued", "Danh sách {0}: cấp mới {1}, đã cấp từ trước {2}, tổng {3}.", "Roster {0}: {1} issued, {2} issued before, {3} in all."},
    {"roster.would_issue", "Danh sách {0} đã đủ chữ ký duyệt: đã cấp {2}/{3}.", "Roster {0} has its approvals: {2} of {3} are issued."},
    {"roster.line", "{0}  {1}  {2}  {3}/{4} chứng thư  {5}/{6} duyệt", "{0}  {1}  {2}  {3}/{4} certificates  {5}/{6} approvals"},
    {"roster.state.waiting", "chờ duyệt", "waiting for approval"},
    {"roster.state.approved", "đã duyệt", "approved"},
    {"roster.state.issuing", "đang cấp", "being issued"},
    {"roster.state.issued", "đã cấp", "issued"},

    {"cert.line", "{0}  {1}  {2}  {3}", "{0}  {1}  {2}  {3}"},
    {"cert.count", "{0} chứng thư.", "{0} certificates."},
    {"cert.status.valid", "hiệu lực", "valid"},
    {"cert.status.revoked", "thu hồi", "revoked"},
    {"cert.status.suspended", "tạm dừng", "suspended"},
    {"cert.status.expired", "hết hạn", "expired"},
    {"system.line", "{0}: {1}", "{0}: {1}"},
    {"system.would_add", "Sẽ tạo token cho {0}.", "Would make a token for {0}."},
    {"system.revoked", "Mọi token của {0} đã chấm dứt.", "All tokens of {0} are ended."},
    {"system.would_revoke", "Sẽ chấm dứt mọi token của {0}.", "Would end all tokens of {0}."},
    {"verify.not_fetched", "Không tải được CRL: {0}", "A CRL was not fetched: {0}"},
    {"device.issued", "{0}: đã ghi chứng thư và CA cấp nó vào {1}.", "{0}: certificate and issuing CA are in {1}."},
    {"device.would_issue", "Sẽ cấp cho {0}.", "Would issue for {0}."},
    {"cert.exported", "Đã ghi {0} chứng thư vào {1}.", "{0} certificates written to {1}."},
    {"cert.changed", "{0}: {1}: {2}", "{0}: {1}: {2}"},
    {"cert.next_crl", "Danh sách thu hồi kế tiếp sẽ ghi nhận: `antin crl build`.", "The next CRL carries it: `antin crl build`."},

    {"crl.built", "CRL {0} số {1}: {2} mục, cập nhật kế tiếp {3}.", "CRL {0} number {1}: {2} entries, next update {3}."},
    {"crl.would_build", "CRL {0}: {1} mục.", "CRL {0}: {1} entries."},
    {"crl.head", "Nơi cấp: {0}\nSố: {1}\nCập nhật: {2}\nKế tiếp: {3}\nSố mục: {4}", "Issuer: {0}\nNumber: {1}\nThis update: {2}\nNext update: {3}\nEntries: {4}"},
    {"crl.entry", "{0}  {1}  {2}", "{0}  {1}  {2}"},
    {"crl.good", "CRL của {0} hợp lệ: {1} mục, chữ ký đúng.", "The CRL of {0} is good: {1} entries, the signature holds."},
    {"crl.bad_signature", "CRL của {0}: chữ ký không đúng.", "The CRL of {0}: its signature does not hold."},
    {"crl.second_opinion", "CRL của {0}: hai thư viện không cùng kết luận.", "The CRL of {0}: the two libraries do not agree on it."},
    {"crl.future", "CRL của {0} có thời điểm phát hành ở tương lai.", "The CRL of {0} is dated in the future."},
    {"crl.stale", "CRL của {0} đã quá hạn cập nhật.", "The CRL of {0} is past its next update."},

    {"ca.line", "{0}: {1}; đến {2}; số hiệu {3}", "{0}: {1}; until {2}; serial {3}"},
    {"profile.line", "{0}: loại {1}, phiên bản {2}, {3}", "{0}: kind {1}, version {2}, {3}"},
    {"log.good", "Nhật ký nguyên vẹn: {0} mục, gốc Merkle {1}.", "The log is whole: {0} entries, Merkle root {1}."},

    {"sign.done", "Đã ký {0} bằng {1}: {2}", "{0} is signed by {1}: {2}"},
    {"sign.would", "Sẽ ký {0} bằng {1}: {2}", "Would sign {0} by {1}: {2}"},

    {"verify.verdict", "{0}: {1}: {2}", "{0}: {1}: {2}"},
    {"verify.plain.TOTAL-PASSED", "mọi chữ ký đều hợp lệ", "all signatures are valid"},
    {"verify.plain.INDETERMINATE", "chưa đủ căn cứ để kết luận", "there is not enough to decide"},
    {"verify.plain.TOTAL-FAILED", "chữ ký không hợp lệ", "a signature is not valid"},
    {"verify.plain.NO-SIGNATURE", "tài liệu không có chữ ký", "the document has no signature"},
    {"verify.signature", "  {0}: {1} ({2})", "  {0}: {1} ({2})"},
    {"verify.scope", "    phạm vi: {0}", "    covers: {0}"},
    {"verify.reason", "    - {0}", "    - {0}"},

    {"token.line", "{0}  {1}  {2}  {3}", "{0}  {1}  {2}  {3}"},
    {"token.ready", "sẵn sàng", "ready"},
    {"token.final_try", "chỉ còn một lần thử PIN", "one PIN try left"},
    {"token.locked", "PIN đã khóa", "PIN locked"},
    {"token.initialised", "Đã khởi tạo token {0}.", "Token {0} is initialised."},
    {"token.made", "Đã tạo khóa: {0}", "The key is made: {0}"},
    {"token.would_make", "Sẽ tạo khóa {0} trên token {1}.", "Would make key {0} on token {1}."},
    {"token.well", "{0}: tốt, {1} khóa", "{0}: well, {1} keys"},
    {"token.ill", "{0}: có vấn đề, {1} khóa. {2}", "{0}: not well, {1} keys. {2}"},
    {"token.finding", "  - {0}", "  - {0}"},
    {"token.no_private", "{0}: thiếu khóa riêng; tạo lại khóa hoặc khôi phục token", "{0}: the private key is missing; make the key anew or restore the token"},
    {"token.no_public", "{0}: thiếu khóa công khai; ghi lại từ chứng thư", "{0}: the public key is missing; write it again from the certificate"},
    {"token.extractable", "{0}: khóa riêng có thể bị trích xuất; thay khóa tạo trong token", "{0}: the private key can be extracted; replace it by one made in the token"},
    {"token.does_not_sign", "{0}: không ký được: {1}", "{0}: does not sign: {1}"},
    {"token.rate", "{0}: {1} chữ ký/giây, {2} luồng", "{0}: {1} signatures a second, {2} threads"},

    {"authority.ready", "Cơ quan cấp chứng thư đang chờ tại {0}", "The authority listens at {0}"},
    {"authority.crl", "CRL {0} số {1} đã công bố", "CRL {0} number {1} is published"},
    {"authority.stopped", "Đã dừng.", "Stopped."},

    {"progress.sample", "Viết danh sách mẫu", "Writing the sample roster"},
    {"progress.submit", "Tạo khóa và nộp danh sách", "Making keys and submitting"},
    {"progress.issue", "Cấp chứng thư", "Issuing"},
    {"progress.export", "Ghi chứng thư", "Writing certificates"},
};

std::vector<Message> joined() {
  std::vector<Message> all(std::begin(own), std::end(own));
  for (const Message& message : help_messages()) all.push_back(message);
  return all;
}

}  // namespace

std::span<const Message> messages() {
  static const std::vector<Message> all = joined();
  return all;
}

}  // namespace antin::commands
