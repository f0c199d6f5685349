// SPDX-License-Identifier: MPL-2.0
//! The bridge to Kotlin and Swift: newtypes and calls, no logic. Screens, blocks, actions and
//! effects are those of `amate-screen`; everything they mean is in `amate-app`.
//!
//! Calls are CPU and disk: a shell makes them off its main thread, in one place, one after another.

mod capture;
mod content;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use amate_app::{
    app::{App, Device, Platform, Setup},
    clock::{self, Moment},
    driver::{Carrier, Http},
};
use amate_screen::{Action, Screen, Step};
use amate_vault::CodeCost;

pub use capture::{Capture, CaptureError};
pub use content::Content;

uniffi::setup_scaffolding!();

/// Where and how the app runs.
#[derive(Debug, Clone, uniffi::Record)]
pub struct AmateSetup {
    /// Folder that belongs to the app alone.
    pub folder: String,
    /// What the system says that the person reads, BCP 47.
    pub language: String,
    /// Memory of a code in MiB: 64 or more; less in tests only.
    pub code_memory: u32,
    /// Room for records that is offered at first run, in bytes, with room for media of the same
    /// place in the list.
    pub record_sizes: Vec<u64>,
    /// Room for media, in bytes.
    pub media_sizes: Vec<u64>,
    /// Whether this shell opens camera and microphone; else no screen offers them.
    pub cameras: bool,
    /// SOCKS address such as `socks5h://127.0.0.1:9050`; empty: none.
    pub proxy: String,
}

/// What only the platform has.
#[uniffi::export(with_foreign)]
pub trait AmatePlatform: Send + Sync {
    /// Minutes by which the device's clock is ahead of UTC now.
    fn offset_minutes(&self) -> i16;
    /// A live screen may have changed: ask for it again. Called on any thread.
    fn changed(&self);
}

/// The app of a person's phone.
#[derive(uniffi::Object)]
pub struct AmateApp {
    app: Arc<Mutex<App>>,
}

#[uniffi::export]
impl AmateApp {
    /// Starts locked, or with the first run where there is no vault.
    #[uniffi::constructor]
    #[must_use]
    pub fn new(setup: AmateSetup, platform: Arc<dyn AmatePlatform>) -> Arc<Self> {
        quiet_panics();
        let sizes = setup.record_sizes.into_iter().zip(setup.media_sizes).collect();
        let memory_kib = setup.code_memory.max(1).saturating_mul(1024);
        let cost = CodeCost { memory_kib, ..CodeCost::STANDARD };
        let app_setup = Setup {
            dir: setup.folder.into(),
            device: Device::Phone,
            cost,
            sizes,
            language: setup.language,
            browser: false,
            cameras: setup.cameras,
        };
        let app = App::new(app_setup, around(platform, setup.proxy));
        Arc::new(Self { app: Arc::new(Mutex::new(app)) })
    }

    /// The screen as it is.
    #[must_use]
    pub fn view(&self) -> Screen {
        self.app().view()
    }

    /// Does what the person did; the screen from now on, and what the platform is to do.
    #[must_use]
    pub fn act(&self, action: Action) -> Step {
        let mut app = self.app();
        let done = catch_unwind(AssertUnwindSafe(|| app.act(action)));
        // A fault of ours locks: what was saved is saved, and nothing half done is shown.
        done.unwrap_or_else(|_| app.act(Action::Lock))
    }

    /// A picture of the camera while it looks for a QR code: brightnesses, row by row. `None`
    /// while there is no code in it. The picture is not kept.
    #[must_use]
    pub fn scan(&self, width: u32, height: u32, luma: Vec<u8>) -> Option<Step> {
        let mut app = self.app();
        catch_unwind(AssertUnwindSafe(|| app.scan(width, height, &luma))).ok().flatten()
    }
}

impl AmateApp {
    fn app(&self) -> MutexGuard<'_, App> {
        self.app.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn around(platform: Arc<dyn AmatePlatform>, proxy: String) -> Platform {
    let clock = platform.clone();
    Platform {
        now: Arc::new(move || Moment { unix: clock::wall(), offset: Some(clock.offset_minutes()) }),
        carrier: Arc::new(move || {
            let proxy = Some(proxy.as_str()).filter(|proxy| !proxy.is_empty());
            Ok(Box::new(Http::new(proxy)?) as Box<dyn Carrier + Send>)
        }),
        changed: Arc::new(move || platform.changed()),
    }
}

/// A panic says nothing of what it was working on.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|_| {}));
}
