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

/// A step of a drawing, in units of 960 on a side, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Enum)]
pub enum PathStep {
    /// Begins a part.
    Move {
        /// To the right.
        x: f32,
        /// Down.
        y: f32,
    },
    /// A straight line.
    Line {
        /// To the right.
        x: f32,
        /// Down.
        y: f32,
    },
    /// A curve with one handle.
    Quad {
        /// Of the handle.
        x1: f32,
        /// Of the handle.
        y1: f32,
        /// To the right.
        x: f32,
        /// Down.
        y: f32,
    },
    /// A curve with two handles.
    Curve {
        /// Of the first handle.
        x1: f32,
        /// Of the first handle.
        y1: f32,
        /// Of the second handle.
        x2: f32,
        /// Of the second handle.
        y2: f32,
        /// To the right.
        x: f32,
        /// Down.
        y: f32,
    },
    /// Back to where the part began.
    Close,
}

/// The drawing as steps, for platforms whose own reader of SVG is not for apps.
#[uniffi::export]
#[must_use]
pub fn icon_path(icon: Icon) -> Vec<PathStep> {
    let svg = icon_svg(icon);
    let path = svg.split(" d=\"").nth(1).and_then(|rest| rest.split('"').next());
    let steps = svgtypes::SimplifyingPathParser::from(path.unwrap_or_default());
    steps.map_while(Result::ok).map(step).collect()
}

/// The drawings lie in a box from -960 to 0: their top is moved to 0.
#[expect(clippy::cast_possible_truncation, reason = "coordinates below a thousand")]
fn step(segment: svgtypes::SimplePathSegment) -> PathStep {
    use svgtypes::SimplePathSegment as Segment;
    let at = |x: f64, y: f64| (x as f32, (y + 960.0) as f32);
    match segment {
        Segment::MoveTo { x, y } => {
            let (x, y) = at(x, y);
            PathStep::Move { x, y }
        }
        Segment::LineTo { x, y } => {
            let (x, y) = at(x, y);
            PathStep::Line { x, y }
        }
        Segment::Quadratic { x1, y1, x, y } => {
            let ((x1, y1), (x, y)) = (at(x1, y1), at(x, y));
            PathStep::Quad { x1, y1, x, y }
        }
        Segment::CurveTo { x1, y1, x2, y2, x, y } => {
            let ((x1, y1), (x2, y2), (x, y)) = (at(x1, y1), at(x2, y2), at(x, y));
            PathStep::Curve { x1, y1, x2, y2, x, y }
        }
        Segment::ClosePath => PathStep::Close,
    }
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
    use super::{ALL, PathStep, icon_path, icon_role, icon_svg};

    #[test]
    fn every_icon_is_one_path_and_stands_in_the_table() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/icons");
        let table = std::fs::read_to_string(format!("{folder}/README.md")).unwrap_or_default();
        for icon in ALL {
            let (role, svg) = (icon_role(*icon), icon_svg(*icon));
            assert!(table.contains(&format!("| `{role}` | ")), "{role}");
            assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"), "{role}");
            assert_eq!(svg.matches('<').count(), 4 - svg.matches("/>").count(), "{role}");
            let path = icon_path(*icon);
            assert!(
                matches!(path.as_slice(), [PathStep::Move { .. }, .., PathStep::Close]),
                "{role}"
            );
            assert!(svg.contains("viewBox=\"0 -960 960 960\""), "{role}");
        }
        let files = std::fs::read_dir(folder).map(|all| {
            all.flatten().filter(|one| one.path().extension().is_some_and(|e| e == "svg")).count()
        });
        assert_eq!(files.ok(), Some(ALL.len()), "a drawing that no role uses");
        assert_eq!(table.matches("\n| `").count(), ALL.len());
    }
}
