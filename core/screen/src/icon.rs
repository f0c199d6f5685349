// SPDX-License-Identifier: MPL-2.0
//! Icons by role. Their drawings are data: `core/data/icons`.

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident => $role:literal,)*) => {
        /// An icon by what it stands for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum Icon { $($(#[$doc])* $name,)* }

        /// All of them.
        pub const ALL: &[Icon] = &[$(Icon::$name,)*];

        /// Its name in `core/data/icons`.
        #[uniffi::export]
        #[must_use]
        pub fn icon_role(icon: Icon) -> String {
            match icon { $(Icon::$name => $role.to_owned(),)* }
        }

        /// Its drawing: an SVG of one path.
        #[uniffi::export]
        #[must_use]
        pub fn icon_svg(icon: Icon) -> String {
            match icon { $(Icon::$name => include_str!(concat!("../../data/icons/", $role, ".svg")).to_owned(),)* }
        }
    };
}

icons! {
    /// Write down what happened.
    Log => "log",
    /// A photo.
    Photo => "photo",
    /// A film.
    Video => "video",
    /// A sound, speaking.
    Voice => "voice",
    /// A file.
    File => "file",
    /// A place.
    Place => "place",
    /// A time.
    When => "when",
    /// Searching.
    Search => "search",
    /// Kept here.
    Saved => "saved",
    /// Closed.
    Sealed => "sealed",
    /// Waits.
    Waiting => "waiting",
    /// Left this phone.
    LeftPhone => "left-phone",
    /// At the relay.
    AtRelay => "at-relay",
    /// Opened by a person.
    Opened => "opened",
    /// Verified.
    Verified => "verified",
    /// Not verified.
    NotVerified => "not-verified",
    /// What can be proved.
    Proof => "proof",
    /// A receipt.
    Receipt => "receipt",
    /// Somebody.
    Contact => "contact",
    /// Add somebody.
    ContactAdd => "contact-add",
    /// Block.
    Block => "block",
    /// Unblock.
    Unblock => "unblock",
    /// A QR code.
    Qr => "qr",
    /// Words.
    Words => "words",
    /// Send.
    Send => "send",
    /// What came.
    Inbox => "inbox",
    /// Answer.
    Answer => "answer",
    /// Name who is responsible.
    Assign => "assign",
    /// Export.
    Export => "export",
    /// Delete.
    Delete => "delete",
    /// Change.
    Edit => "edit",
    /// Lock.
    Lock => "lock",
    /// Unlock.
    Unlock => "unlock",
    /// Hide.
    Hide => "hide",
    /// Listen.
    Listen => "listen",
    /// Back.
    Back => "back",
    /// Leads on.
    Forward => "forward",
    /// Close.
    Close => "close",
    /// Done, shown.
    Check => "check",
    /// Good to know.
    Info => "info",
    /// Think twice.
    Warn => "warn",
    /// Harm.
    Danger => "danger",
    /// Help.
    Help => "help",
    /// Settings.
    Settings => "settings",
    /// Language.
    Language => "language",
    /// The code.
    Code => "code",
    /// Room.
    Storage => "storage",
    /// Backup.
    Backup => "backup",
    /// Make anew.
    Refresh => "refresh",
    /// A relay.
    Relay => "relay",
    /// A case.
    Case => "case",
    /// Begun.
    Draft => "draft",
    /// The other camera.
    CameraSwitch => "camera-switch",
    /// Record.
    Record => "record",
    /// Stop.
    Stop => "stop",
    /// Play.
    Play => "play",
    /// Pause.
    Pause => "pause",
    /// More.
    Plus => "plus",
    /// Less.
    Minus => "minus",
    /// An organisation.
    Organisation => "organisation",
    /// A person.
    Person => "person",
    /// In the order of time.
    Timeline => "timeline",
    /// Copy.
    Copy => "copy",
    /// Look.
    Eye => "eye",
}

#[cfg(test)]
mod tests {
    use super::{ALL, icon_role, icon_svg};

    #[test]
    fn every_icon_is_one_path_and_stands_in_the_table() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/icons");
        let table = std::fs::read_to_string(format!("{folder}/README.md")).unwrap_or_default();
        for icon in ALL {
            let (role, svg) = (icon_role(*icon), icon_svg(*icon));
            assert!(table.contains(&format!("| `{role}` | ")), "{role}");
            assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{role}");
            assert_eq!(svg.matches('<').count(), 4 - svg.matches("/>").count(), "{role}");
            assert!(svg.contains("viewBox=\"0 -960 960 960\""), "{role}");
        }
        let files = std::fs::read_dir(folder).map(|all| {
            all.flatten().filter(|one| one.path().extension().is_some_and(|e| e == "svg")).count()
        });
        assert_eq!(files.ok(), Some(ALL.len()), "a drawing that no role uses");
        assert_eq!(table.matches("\n| `").count(), ALL.len());
    }
}
