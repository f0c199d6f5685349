// SPDX-License-Identifier: MPL-2.0
//! The camera and the recorder, filling the screen. What they give goes into the case of the page
//! that opened them.

use amate_screen::{CameraMode, CameraWords, Effect, Kind};

use crate::{
    app::{
        draw::Draw,
        page::{Event, Go, Page},
        room::Room,
    },
    problem::Problem,
    take::Into,
};

/// Camera or recorder.
pub(in crate::app) struct Camera {
    mode: CameraMode,
    into: Into,
}

impl Camera {
    /// The camera for a way of a capture block; `None` when it is none of these.
    pub(in crate::app) fn of(key: &str, into: Option<Into>) -> Option<Self> {
        let mode = match key {
            "photo" => CameraMode::Photo,
            "video" => CameraMode::Video,
            "voice" => CameraMode::Voice,
            _ => return None,
        };
        Some(Self { mode, into: into? })
    }

    /// What a shell should do for *a file*.
    pub(in crate::app) fn file(key: &str) -> Option<Go> {
        (key == "file").then(|| Go::Do(vec![Effect::PickFile]))
    }
}

impl Page for Camera {
    fn name(&self) -> &'static str {
        match self.mode {
            CameraMode::Photo => "camera",
            CameraMode::Video => "video",
            CameraMode::Voice => "voice",
            CameraMode::Scan => "scan",
        }
    }

    fn draw(&mut self, _: &Room, draw: &mut Draw<'_>) -> Result<(), Problem> {
        let (title, start) = match self.mode {
            CameraMode::Photo => ("camera-photo", "camera-take"),
            CameraMode::Video => ("camera-video", "camera-start"),
            _ => ("camera-voice", "camera-start"),
        };
        draw.title(title);
        let words = CameraWords {
            start: draw.of(start),
            stop: draw.of("camera-stop"),
            cancel: draw.of("camera-cancel"),
            other: draw.of("camera-other"),
            sealing: draw.of(match self.mode {
                CameraMode::Photo => "camera-sealed",
                _ => "camera-sealing",
            }),
            file: draw.of("camera-file"),
        };
        draw.put("camera", title, Kind::Camera { mode: self.mode, words });
        Ok(())
    }

    fn on(&mut self, _: &mut Room, event: Event<'_>) -> Result<Go, Problem> {
        Ok(match event {
            Event::Captured(_) => Go::Back,
            _ => Go::Stay,
        })
    }

    fn captures_into(&self) -> Option<Into> {
        Some(self.into.clone())
    }
}
