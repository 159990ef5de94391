#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/http/message.h"
#include "cli/words/words.h"

namespace antin::http {
namespace {

constexpr Message titles[] = {
    {"invalid_argument", "Yêu cầu không đúng", "The request is wrong"},
    {"not_found", "Không tìm thấy", "Not found"},
    {"already_exists", "Đã có", "It exists already"},
    {"failed_precondition", "Trạng thái hiện tại không cho phép", "The present state does not allow it"},
    {"permission_denied", "Không được phép", "Not allowed"},
    {"unauthenticated", "Chưa xác thực: cần token API", "Not authenticated: an API token is needed"},
    {"resource_exhausted", "Vượt quá giới hạn", "A limit was exceeded"},
    {"unavailable", "Tạm thời không phục vụ được", "Temporarily unavailable"},
    {"aborted", "Đã bị ngắt", "Interrupted"},
    {"data_loss", "Dữ liệu lưu trữ bị hỏng", "Stored data is damaged"},
    {"unimplemented", "Chưa hỗ trợ", "Not supported"},
    {"method_not_allowed", "Đường dẫn này không nhận phương thức đó", "The path does not take this method"},
    {"internal", "Lỗi bên trong", "Internal error"},
};

unsigned status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
      return 400;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
    case ErrorCode::failed_precondition:
      return 409;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::resource_exhausted:
      return 413;
    case ErrorCode::unavailable:
    case ErrorCode::aborted:
      return 503;
    case ErrorCode::unimplemented:
      return 501;
    case ErrorCode::data_loss:
    case ErrorCode::internal:
      return 500;
  }
  return 500;
}

}  // namespace

Response problem(unsigned status, const std::string& code, const std::string& detail, Language language) {
  const nlohmann::ordered_json body = {{"type", "urn:antin:problem:" + code},
                                       {"title", to_text(titles, code, language)},
                                       {"status", status},
                                       {"code", code},
                                       {"detail", words::error_text(detail, language)}};
  Response response{status,
                    "application/problem+json",
                    {},
                    to_bytes(body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))};
  response.headers["Content-Language"] = language == Language::vi ? "vi" : "en";
  if (status == 401) response.headers["WWW-Authenticate"] = "Bearer";
  return response;
}

Response problem(const Error& error, Language language) {
  const bool hidden = error.code == ErrorCode::internal || error.code == ErrorCode::data_loss;
  return problem(status_of(error.code), std::string(to_string(error.code)),
                 hidden ? "see the daemon's log" : error.message, language);
}

Language language_of(const Request& request) {
  const std::string header = request.header("accept-language");
  // The first that we have; weights are not compared, for clients list what they like best first.
  std::string_view rest = header;
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    one.remove_prefix(std::min(one.find_first_not_of(" \t"), one.size()));
    if (const auto known = language(one.substr(0, one.find(';')))) return *known;
  }
  return Language::vi;
}

}  // namespace antin::http
