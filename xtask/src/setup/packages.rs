//! The system's package manager.

use crate::failure::{Failure, Result};
use crate::paths::find_on_path;
use crate::process::{capture, run};
use std::process::Command;

/// The command that would install these Debian packages, for a person to type.
pub fn apt_command(packages: &[&str]) -> String {
    format!("sudo apt-get install {}", packages.join(" "))
}

/// Whether Debian's package manager knows this package.
pub fn apt_knows(package: &str) -> bool {
    let policy = capture(Command::new("apt-cache").args(["policy", package]));
    policy.is_some_and(|policy| policy.contains("Candidate:") && !policy.contains("(none)"))
}

/// Installs Debian packages, as root or through a sudo that asks for no password.
pub fn apt_install(packages: &[&str], purpose: &str) -> Result {
    let missing = || {
        Failure::new(format!("{purpose} is missing: {}", packages.join(", ")))
            .fix(apt_command(packages))
    };
    if find_on_path(&["apt-get"]).is_none() {
        return Err(missing());
    }
    let is_root = capture(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    let sudo = find_on_path(&["sudo"])
        .filter(|sudo| capture(Command::new(sudo).args(["-n", "true"])).is_some());
    let apt = |args: &[&str]| {
        let mut command = match &sudo {
            Some(sudo) if !is_root => {
                let mut command = Command::new(sudo);
                command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
                command
            }
            _ => Command::new("apt-get"),
        };
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        run(&mut command)
    };
    if !is_root && sudo.is_none() {
        return Err(missing());
    }
    eprintln!("Installing {} ({purpose})", packages.join(", "));
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    // The list of packages may be absent or old: fetch it only then.
    apt(&install)
        .or_else(|_| apt(&["update"]).and_then(|()| apt(&install)))
        .map_err(|_| missing())
}
