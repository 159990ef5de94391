// `antin role list|grant|withdraw`: who holds which role; officers decide (`antin proposal approve`).
#include <nlohmann/json.hpp>

#include "ca/authority/role_register.h"
#include "cli/commands/command.h"
#include "cli/commands/proposal_value.h"

namespace antin::commands {
namespace {

struct NoOptions {};
struct ChangeOptions {
  std::string role, certificate, account, remark;
};

Result<std::string> status_of(Session& session, OpenHome& home, const std::string& certificate) {
  ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(certificate, session.now()));
  return std::string(to_string(record.status));
}

Result<ExitCode> list(Session& session, const NoOptions&) {
  ANTIN_TRY(OpenHome home, open_home(session, Access::read));
  ANTIN_TRY(const authority::RoleRegister roles, authority::read_roles(*home.store, session.now()));
  Json all = Json::array();
  for (const authority::RoleHolder& holder : roles.holders()) {
    ANTIN_TRY(const std::string status, status_of(session, home, holder.certificate_id));
    const std::string role(authority::to_string(holder.role));
    const std::string source = holder.proposal == 0
                                   ? session.text("role.of_ceremony")
                                   : session.text("role.of_proposal", {std::to_string(holder.proposal)});
    session.say("role.line", {session.text("role." + role), holder.certificate_id, holder.subject,
                              session.text("cert.status." + status), source});
    all.push_back({{"role", role},
                   {"certificate", holder.certificate_id},
                   {"subject", holder.subject},
                   {"status", status},
                   {"account", holder.account},
                   {"proposal", holder.proposal}});
  }
  if (session.json) session.print(all);
  return exit_done;
}

Result<ExitCode> change(Session& session, const ChangeOptions& options, bool grant) {
  ANTIN_TRY(OpenHome home, open_home(session, session.dry_run ? Access::read : Access::write));
  authority::RoleChange wanted{{}, grant, options.certificate, {}, options.account, options.remark};
  ANTIN_TRY(wanted.role, authority::role_named(options.role));
  if (session.dry_run) {
    ANTIN_TRY(const store::CertificateRecord record, home.store->certificate(options.certificate, session.now()));
    session.say(grant ? "role.would_grant" : "role.would_withdraw",
                {session.text("role." + options.role), record.id, record.subject});
    if (session.json) session.print({{"dry_run", true}, {"role", options.role}, {"certificate", record.id}});
    return exit_done;
  }
  ANTIN_TRY(const Bytes hash,
            authority::propose(home.context(session), std::move(wanted), home.config.required_approvals));
  return say_proposed(session, home, hash);
}

Result<ExitCode> grant(Session& session, const ChangeOptions& options) { return change(session, options, true); }
Result<ExitCode> withdraw(Session& session, const ChangeOptions& options) { return change(session, options, false); }

}  // namespace

void add_role(Command antin) {
  Command group = antin.group("role");
  const auto operands = [](Command command, ChangeOptions& options) {
    command.operand("ROLE", options.role, "role.role")
        .required()
        .one_of({"administrator", "officer", "auditor", "operator"});
    command.operand("CERTIFICATE", options.certificate, "role.certificate").required();
    command.option("--remark", options.remark, "role.remark").value_name("TEXT");
  };
  add_command<NoOptions>(group, "list", "role.list", [](Command, NoOptions&) {}, list);
  add_command<ChangeOptions>(
      group, "grant", "role.grant",
      [operands](Command command, ChangeOptions& options) {
        operands(command, options);
        command.option("--account", options.account, "role.account").value_name("NAME");
      },
      grant);
  add_command<ChangeOptions>(group, "withdraw", "role.withdraw", operands, withdraw);
}

}  // namespace antin::commands
