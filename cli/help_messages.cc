#include "cli/messages.h"

namespace antin::commands {
namespace {

constexpr Message help[] = {
    {"help.antin", "Ấn Tín: cơ quan chứng thực và dịch vụ ký số của một tỉnh", "Ấn Tín: the certificate authority and document-signing service of a province"},
    {"help.footer",
     "Mã thoát: 0 xong; 1 thất bại (cả khi tệp không đọc được); 2 sai cách dùng; 3 chính sách từ chối hoặc tài liệu không tốt; 4 chờ duyệt; "
     "5 thiếu token, kho dữ liệu hoặc mạng, hoặc PIN bị từ chối.\nMột ngày làm việc: antin init; antin roster check FILE; antin roster submit FILE; "
     "antin roster approve FILE --officer officer-1; antin roster issue FILE; antin crl build.",
     "Exit codes: 0 done; 1 failed (also a file that cannot be read); 2 usage; 3 refused by policy, or document not good; 4 waiting for approval; "
     "5 token, store or network needed and not there, or PIN refused.\nA day's work: antin init; antin roster check FILE; antin roster submit FILE; "
     "antin roster approve FILE --officer officer-1; antin roster issue FILE; antin crl build."},
    {"help.help", "In trang này rồi kết thúc", "Print this page and end"},
    {"help.version", "In phiên bản rồi kết thúc", "Print the version and end"},
    {"help.home", "Thư mục của cơ quan (mặc định: ANTIN_HOME, nếu không có thì ./demo)", "The authority's home (default: ANTIN_HOME, else ./demo)"},
    {"help.json", "In kết quả dạng JSON ra stdout; lỗi là {\"error\":{code,message,hint}}", "Print the result as JSON on stdout; an error is {\"error\":{code,message,hint}}"},
    {"help.lang", "Ngôn ngữ: vi hoặc en (mặc định theo LC_ALL, LANG)", "Language: vi or en (default from LC_ALL, LANG)"},
    {"help.dry_run", "Chỉ nói sẽ làm gì, không ghi gì", "Say what would be done and write nothing"},
    {"help.at", "Làm như thể bây giờ là TIME (RFC 3339), để thử và để kiểm tra quá khứ", "Act as if now were TIME (RFC 3339): for tests and for judging the past"},

    {"help.init", "Khởi tạo: token, CA gốc, hai CA cấp phát, hai cán bộ duyệt, CRL đầu tiên; chạy lại để làm tiếp", "Start an authority: tokens, root, two issuing CAs, two officers, first CRLs; run again to go on"},
    {"help.init.root_key", "Loại khóa của CA gốc", "Kind of the root's key"},
    {"help.init.issuing_key", "Loại khóa của hai CA cấp phát", "Kind of the issuing CAs' keys"},
    {"help.init.publish_url", "Địa chỉ công bố CRL và chứng thư CA", "Where CRLs and CA certificates are published"},
    {"help.init.approvals", "Số cán bộ phải duyệt mỗi danh sách", "Officers who must approve each roster"},

    {"help.roster", "Danh sách thuê bao: kiểm tra, nộp, duyệt, cấp", "Rosters of subscribers: check, submit, approve, issue"},
    {"help.roster.file", "Tệp danh sách (JSON Lines)", "The roster's file (JSON Lines)"},
    {"help.roster.roster", "Mã băm (từ 8 chữ số), tên, hoặc tệp của danh sách đã nộp", "Hash (8 digits or more), name, or file of a submitted roster"},
    {"help.roster.officer", "Cán bộ duyệt: mã như officer-1, số hiệu hoặc thư điện tử", "The approving officer: a code like officer-1, a serial or a mail address"},
    {"help.roster.threads", "Số luồng cấp chứng thư", "Threads that issue"},
    {"help.roster.sample", "Viết một danh sách giả lập: 778 tổ chức và 2.365 cá nhân của tỉnh Lâm Đồng", "Write a synthetic roster: 778 organisations and 2,365 persons of Lâm Đồng"},
    {"help.roster.sample.out", "Tệp kết quả", "The file to write"},
    {"help.roster.sample.seed", "Hạt giống: cùng số cho cùng tên và mã", "Seed: the same number gives the same names and codes"},
    {"help.roster.sample.rows", "Chỉ bấy nhiêu dòng, trải đều; mặc định 3.143", "Only so many rows, spread evenly; default 3,143"},
    {"help.roster.sample.key", "rsa-2048: mọi khóa là RSA", "rsa-2048: every key is RSA"},
    {"help.roster.sample.leader", "Đặt khóa của lãnh đạo mẫu trên token leaders của cơ quan", "Keep the demo leader's key on the home's token leaders"},
    {"help.roster.check", "Kiểm tra từng dòng; không ghi gì; mã thoát 3 khi có lỗi", "Check every row; write nothing; exit 3 on findings"},
    {"help.roster.submit", "Tạo khóa trong token cho các dòng key=token rồi ghi nhận danh sách; in mã băm để duyệt", "Make the keys of key=token rows, record the roster and print the hash to approve"},
    {"help.roster.approve", "Ký mã băm của danh sách bằng token của cán bộ", "Sign the roster's hash with an officer's token"},
    {"help.roster.issue", "Cấp mọi chứng thư còn lại của danh sách đã duyệt; chạy lại được sau khi đứt; mã thoát 4 khi chờ duyệt", "Issue what is left of an approved roster; resumable; exit 4 while approvals are missing"},
    {"help.roster.status", "Tình trạng của một danh sách; mã thoát 4 khi chờ duyệt", "The state of one roster; exit 4 while it waits for approval"},
    {"help.roster.list", "Mọi danh sách đã nộp", "All submitted rosters"},

    {"help.cert", "Chứng thư: xem, xuất, thu hồi, tạm dừng, khôi phục, thiết bị", "Certificates: list, show, export, revoke, suspend, resume, device"},
    {"help.cert.device", "Cấp chứng thư TLS cho một thiết bị từ yêu cầu PKCS#10", "Issue a TLS certificate for a device from a PKCS#10 request"},
    {"help.device.csr", "Yêu cầu PKCS#10, PEM hoặc DER; khóa ở lại với thiết bị", "PKCS#10 request, PEM or DER; the key stays with the device"},
    {"help.device.dns", "Tên máy trong chứng thư; lặp lại được", "Host name in the certificate; may be repeated"},
    {"help.device.organisation", "Tên cơ quan, tổ chức (O)", "The organisation's name (O)"},
    {"help.device.out", "Tệp PEM: chứng thư và CA cấp nó", "PEM file: the certificate and the CA that issued it"},
    {"help.cert.which", "Chứng thư: id, số hiệu, mã thuê bao hoặc thư điện tử", "Certificate: id, serial, subscriber code or mail address"},
    {"help.cert.list", "Liệt kê chứng thư", "List certificates"},
    {"help.cert.kind", "Chỉ loại này", "Only this kind"},
    {"help.cert.status", "Chỉ tình trạng này", "Only this status"},
    {"help.cert.profile", "Chỉ hồ sơ chứng thư này", "Only this profile"},
    {"help.cert.show", "Một chứng thư, lịch sử thu hồi và PEM", "One certificate, its revocations and its PEM"},
    {"help.cert.export", "Ghi một chứng thư, hoặc tất cả thành SERIAL.pem", "Write one certificate, or all as SERIAL.pem"},
    {"help.cert.all", "Mọi chứng thư", "All certificates"},
    {"help.cert.out", "Tệp hoặc thư mục đích (mặc định với --all: HOME/out/certs)", "File or folder to write to (default with --all: HOME/out/certs)"},
    {"help.cert.format", "pem hoặc der", "pem or der"},
    {"help.cert.revoke", "Thu hồi; tất cả chứng thư nêu tên được tìm thấy trước khi thu hồi cái đầu tiên", "Revoke; all named certificates are found before the first is revoked"},
    {"help.cert.suspend", "Tạm dừng", "Suspend (certificateHold)"},
    {"help.cert.resume", "Khôi phục chứng thư đang tạm dừng", "Resume a suspended certificate"},
    {"help.cert.reason", "Lý do theo RFC 5280", "Reason of RFC 5280"},
    {"help.cert.invalidity_date", "Thời điểm khóa bị lộ hoặc mất hiệu lực", "When the key was lost or became invalid"},
    {"help.cert.remark", "Ghi chú, được lưu cùng sự kiện", "A remark, kept with the event"},
    {"help.via_authority", "Nhờ `antin authority run` làm, qua HOME/ca/authority.sock", "Have `antin authority run` do it, through HOME/ca/authority.sock"},
    {"help.issuer", "Chỉ CA này: root, party, government", "Only this CA: root, party, government"},

    {"help.crl", "Danh sách thu hồi: lập, xem, kiểm tra", "CRLs: build, show, verify"},
    {"help.crl.build", "Lập, kiểm tra và công bố CRL của cả ba CA (hoặc một)", "Build, check and publish the CRLs of all three CAs (or of one)"},
    {"help.crl.show", "Nội dung một CRL", "What a CRL says"},
    {"help.crl.verify", "Kiểm tra chữ ký bằng hai thư viện và thời hạn; mã thoát 3 khi không tốt", "Check the signature with two libraries, and the times; exit 3 when it is not good"},
    {"help.crl.which", "root, party, government, hoặc một tệp", "root, party, government, or a file"},
    {"help.crl.ca", "Chứng thư của nơi cấp (mặc định: CA đã công bố cùng tên)", "The issuer's certificate (default: the published CA of that name)"},

    {"help.ca", "Các CA của cơ quan", "The authority's CAs"},
    {"help.ca.list", "Liệt kê các CA", "List the CAs"},
    {"help.profile", "Hồ sơ chứng thư", "Certificate profiles"},
    {"help.profile.list", "Liệt kê hồ sơ", "List the profiles"},
    {"help.profile.show", "Một hồ sơ", "One profile"},
    {"help.profile.name", "Tên hồ sơ", "Name of the profile"},

    {"help.sign", "Ký tệp bằng khóa trên token của dịch vụ", "Sign files with a key on a token of the service"},
    {"help.signer", "Người ký: id, số hiệu, mã thuê bao hoặc thư điện tử", "The signer: id, serial, subscriber code or mail address"},
    {"help.sign.file", "Tệp cần ký", "The file to sign"},
    {"help.sign.format", "pades (PDF), cades (chữ ký rời), asic-e (gói); mặc định theo tệp", "pades (PDF), cades (detached), asic-e (container); default by the file"},
    {"help.sign.dossier", "Mã hồ sơ một cửa, như 000.00.99.H36-221228-0001: các tệp thành một hồ sơ có bản kê, tệp đầu là đơn", "A one-stop-shop dossier's code, as 000.00.99.H36-221228-0001: the files become a dossier with a manifest, the first is the application"},
    {"help.sign.out", "Tệp kết quả", "The file to write"},
    {"help.sign.reason", "Lý do ký, ghi trong PDF", "Reason, written into the PDF"},
    {"help.sign.location", "Nơi ký, ghi trong PDF", "Place, written into the PDF"},
    {"help.sign.field", "Tên trường chữ ký trong PDF", "Name of the signature field in the PDF"},

    {"help.verify", "Kiểm tra chữ ký của tệp; không dùng mạng; mã thoát 3 khi không tốt", "Verify signed files, without the network; exit 3 when one is not good"},
    {"help.verify.file", "Tệp đã ký; nhiều tệp cho mỗi dòng một kết quả", "Signed file; several give one result a line"},
    {"help.verify.detached", "Dữ liệu được ký của chữ ký rời", "The signed data of a detached signature"},
    {"help.verify.trust", "Thư mục chứa chứng thư CA và CRL (mặc định: HOME/out)", "Folder with CA certificates and CRLs (default: HOME/out)"},
    {"help.verify.online", "Tải các CRL mà chứng thư nêu tên (http, địa chỉ công cộng hoặc nơi hệ thống này công bố); nếu không, không dùng mạng", "Fetch the CRLs that certificates name (http, from public addresses or where this home publishes); without it, no network"},

    {"help.log", "Nhật ký chỉ ghi thêm của cơ quan", "The authority's append-only log"},
    {"help.log.verify", "Tính lại mọi lá và gốc Merkle", "Recompute every leaf and the Merkle root"},
    {"help.log.show", "In các mục nhật ký", "Print entries"},
    {"help.log.from", "Bắt đầu từ mục này", "Begin with this entry"},
    {"help.log.count", "Số mục (0: tất cả)", "How many (0: all)"},

    {"help.system", "Hệ thống quản lý văn bản được gọi antind: thêm, liệt kê, thu hồi token API", "Document systems that may call antind: add, list, revoke tokens"},
    {"help.system.add", "Tạo token API cho một hệ thống và in ra, một lần duy nhất", "Make an API token for a system and print it, this once"},
    {"help.system.list", "Các hệ thống và chứng thư mà mỗi hệ thống được dùng", "Systems, and the certificates that each may use"},
    {"help.system.revoke_token", "Chấm dứt mọi token của một hệ thống", "End all tokens of a system"},
    {"help.system.name", "Tên hệ thống", "The system's name"},
    {"help.system.signer", "Chứng thư được dùng: id, số hiệu, mã thuê bao hoặc thư điện tử; * là tất cả; lặp lại được", "A certificate that it may use: id, serial, subscriber code or mail; * for all; may be repeated"},
    {"help.token", "Token PKCS#11: liệt kê, khởi tạo, tạo khóa, chẩn đoán, đo tốc độ", "PKCS#11 tokens: list, initialise, make keys, examine, measure"},
    {"help.token.list", "Mọi token, kèm URI để dán", "All tokens, with the URI to paste"},
    {"help.token.init", "Khởi tạo một token mới; PIN lấy từ nguồn trong antin.toml", "Initialise a new token; its PIN comes from the source in antin.toml"},
    {"help.token.keygen", "Tạo một cặp khóa bên trong token", "Make a key pair inside a token"},
    {"help.token.doctor", "Tìm khóa thiếu đối tượng và ký thử; mã thoát 5 khi có vấn đề", "Find keys that lack objects and try a signature; exit 5 when something is wrong"},
    {"help.token.bench", "Đo số chữ ký mỗi giây", "Measure signatures a second"},
    {"help.token.in", "Nhóm token: ca, officers, service", "Group of tokens: ca, officers, service"},
    {"help.token.token", "Nhãn của token", "The token's label"},
    {"help.token.new_label", "Nhãn của token mới", "Label of the new token"},
    {"help.token.so_pin", "Nguồn PIN của cán bộ an ninh (SO): prompt, file:…, env:…, fd:…, credential:…; không bao giờ là chính PIN", "Where the security officer's PIN comes from: prompt, file:…, env:…, fd:…, credential:…; never the PIN itself"},
    {"help.token.key_label", "Nhãn của khóa", "The key's label"},
    {"help.token.key", "Loại khóa", "Kind of key"},
    {"help.token.seconds", "Đo trong bao nhiêu giây", "How many seconds to measure"},
    {"help.token.threads", "Số luồng", "Threads"},

    {"help.authority", "Tiến trình giữ PIN của các CA", "The process that holds the CAs' PINs"},
    {"help.authority.run", "Nghe trên HOME/ca/authority.sock, cấp danh sách đã duyệt, thu hồi, lập CRL khi qua nửa thời hạn", "Listen on HOME/ca/authority.sock: issue approved rosters, revoke, build CRLs at half of their validity"},
    {"help.completion", "In tập lệnh gợi ý cho bash, zsh hoặc fish", "Print the completion script for bash, zsh or fish"},
    {"help.completion.shell", "bash, zsh hoặc fish", "bash, zsh or fish"},
};

}  // namespace

std::span<const Message> help_messages() { return help; }

}  // namespace antin::commands
