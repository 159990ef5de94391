// `antin sign`: signs a file with a key of the service's tokens, through the pipeline that antind uses.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/commands/command.h"
#include "cli/commands/signer.h"
#include "cli/wiring/issuers.h"
#include "cli/wiring/trust.h"
#include "signer/dossier/dossier.h"

namespace antin::commands {
namespace {

struct SignOptions {
  std::vector<std::string> files;
  std::string signer, format, dossier, out;
  pipeline::SigningOptions details;
};

std::string format_of(const SignOptions& options) {
  if (!options.format.empty()) return options.format;
  if (options.files.size() > 1 || !options.dossier.empty()) return "asic-e";
  return Path(options.files.front()).extension() == ".pdf" ? "pades" : "cades";
}

Path default_out(const SignOptions& options, const std::string& format) {
  Path file = options.files.front();
  if (format == "pades") return file.replace_extension(".signed.pdf");
  return file.string() + (format == "cades" ? ".p7s" : ".asice");
}

std::string media_type(const Path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".pdf") return "application/pdf";
  if (extension == ".xml") return "application/xml";
  if (extension == ".txt") return "text/plain";
  return "application/octet-stream";
}

Result<std::vector<pipeline::NamedDocument>> read_documents(const std::vector<std::string>& files) {
  std::vector<pipeline::NamedDocument> documents;
  for (const std::string& file : files) {
    ANTIN_TRY(Bytes content, read_file(file));
    documents.push_back({Path(file).filename().string(), media_type(file), std::move(content)});
  }
  return documents;
}

// The files as they are, or a one-stop shop's dossier of them: the first is the application.
Result<std::vector<pipeline::NamedDocument>> documents_of(Session& session, const SignOptions& options) {
  ANTIN_TRY(std::vector<pipeline::NamedDocument> documents, read_documents(options.files));
  if (options.dossier.empty()) return documents;
  dossier::Dossier dossier{.code = options.dossier, .previous_sha256 = {}, .components = {}};
  for (pipeline::NamedDocument& document : documents)
    dossier.components.push_back({std::move(document), dossier.components.empty() ? "application" : "component"});
  return dossier::make_documents(std::move(dossier), session.now());
}

Result<ExitCode> sign(Session& session, const SignOptions& options) {
  const std::string format_name = format_of(options);
  if (!options.dossier.empty() && format_name != "asic-e")
    return fail(ErrorCode::invalid_argument, "sign: --dossier makes an asic-e container, not " + format_name);
  ANTIN_TRY(auto format, pipeline::document_format(format_name));
  ANTIN_TRY(std::vector<pipeline::NamedDocument> documents, documents_of(session, options));
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(store::CertificateRecord record, in("signer", home.store->certificate(options.signer, session.now())));
  ANTIN_CHECK(wiring::require_valid(record));
  const Path out = options.out.empty() ? default_out(options, format_name) : Path(options.out);
  if (!session.dry_run) {
    ANTIN_TRY(OpenSigner signer, open_signer(session, home, record));
    ANTIN_TRY(x509::TrustMaterial trust, wiring::load_trust(session.home));
    ANTIN_TRY(Bytes document,
              in("sign " + options.files.front(), pipeline::sign_document(*format, std::move(documents), signer.signer,
                                                                          options.details, trust, session.clock())));
    ANTIN_CHECK(write_file(out, document));
  }
  session.say(session.dry_run ? "sign.would" : "sign.done", {options.files.front(), record.subject, out.string()});
  if (session.json)
    session.print(
        {{"file", out.string()}, {"format", format_name}, {"signer", record.id}, {"dry_run", session.dry_run}});
  return exit_done;
}

}  // namespace

void add_sign(Command antin) {
  add_command<SignOptions>(
      antin, "sign", "sign",
      [](Command command, SignOptions& options) {
        command.operand("FILE", options.files, "sign.file").required();
        command.option("--signer", options.signer, "signer").required().value_name("CERTIFICATE");
        command.option("--format", options.format, "sign.format").one_of({"pades", "cades", "asic-e"});
        command.option("--dossier", options.dossier, "sign.dossier").value_name("CODE");
        command.option("-o,--out", options.out, "sign.out").value_name("FILE");
        command.option("--reason", options.details.reason, "sign.reason");
        command.option("--location", options.details.location, "sign.location");
        command.option("--field", options.details.field_name, "sign.field");
      },
      sign);
}

}  // namespace antin::commands
