// SPDX-License-Identifier: MPL-2.0
//! One folder: segment files for blobs, SQLite for the rest.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io::{BufReader, Read, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Blob, BlobReader, Change, Loaded, Place, Store, StoreError,
    frame::{self, HEAD},
    records::Records,
};

/// A segment is closed at this size.
const SEGMENT: u64 = 256 * 1024 * 1024;

/// The store of one folder, locked for this process.
pub struct Disk {
    dir: PathBuf,
    records: Records,
    files: Files,
    segment: u32,
    end: u64,
    poisoned: bool,
    _lock: File,
}

/// Open segment files, shared with readers.
type Files = Arc<Mutex<HashMap<u32, Arc<File>>>>;

impl Disk {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another relay uses it.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(dir.join("segments"))?;
        let lock = OpenOptions::new().create(true).append(true).open(dir.join("lock"))?;
        if lock.try_lock().is_err() {
            return Err(StoreError::InUse);
        }
        let records = Records::open(&dir.join("records.sqlite"))?;
        Ok(Self {
            dir: dir.to_path_buf(),
            records,
            files: Files::default(),
            segment: 1,
            end: 0,
            poisoned: false,
            _lock: lock,
        })
    }

    /// The small records.
    #[must_use]
    pub fn records(&mut self) -> &mut Records {
        &mut self.records
    }

    fn path(&self, segment: u32) -> PathBuf {
        self.dir.join("segments").join(format!("{segment:08}.seg"))
    }

    fn segments(&self) -> Result<Vec<u32>, StoreError> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(self.dir.join("segments"))? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(".seg"));
            numbers.extend(number.and_then(|number| number.parse::<u32>().ok()));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn file(&self, segment: u32) -> Result<Arc<File>, StoreError> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = files.get(&segment) {
            return Ok(file.clone());
        }
        let path = self.path(segment);
        let new = !path.exists();
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        if new {
            File::open(self.dir.join("segments"))?.sync_all()?;
        }
        let file = Arc::new(file);
        files.insert(segment, file.clone());
        Ok(file)
    }

    /// Reads the frames of a segment; gives where the last whole one ends. What is damaged before
    /// a whole frame is named and left out; what follows the last whole frame was never
    /// acknowledged.
    fn scan(&self, segment: u32, loaded: &mut Loaded) -> Result<u64, StoreError> {
        let file = File::open(self.path(segment))?;
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let mut at = 0_u64;
        loop {
            if let Some((blob, len)) = whole_frame(&mut reader)? {
                let place = Place { segment, offset: at + HEAD as u64, len };
                loaded.blobs.push((blob, (len > 0).then_some(place)));
                at += HEAD as u64 + u64::from(len);
                continue;
            }
            let Some(next) = next_frame(&file, at + 1)? else { return Ok(at) };
            loaded.damaged.push((segment, at));
            at = next;
            reader.seek(SeekFrom::Start(at))?;
        }
    }
}

/// The frame that the reader stands at, unless it is torn, damaged or none.
fn whole_frame(reader: &mut impl Read) -> Result<Option<(Blob, u32)>, StoreError> {
    let (mut head, mut bytes) = ([0; HEAD], Vec::new());
    if reader.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let Ok((blob, len, sum)) = frame::parse_head(&head) else { return Ok(None) };
    let read = reader.by_ref().take(u64::from(len)).read_to_end(&mut bytes)?;
    let whole = read as u64 == u64::from(len) && frame::is_whole(&head, &bytes, sum);
    Ok(whole.then_some((blob, len)))
}

/// Where the next whole frame begins, from an offset on.
fn next_frame(mut file: &File, from: u64) -> Result<Option<u64>, StoreError> {
    let mut window = vec![0; 1 << 16];
    let mut at = from;
    loop {
        let read = file.read_at(&mut window, at)?;
        if read < frame::MAGIC.len() {
            return Ok(None);
        }
        let seen = window.get(..read).unwrap_or_default();
        for start in seen.windows(frame::MAGIC.len()).enumerate() {
            let (offset, bytes) = start;
            if bytes == frame::MAGIC {
                let candidate = at + offset as u64;
                file.seek(SeekFrom::Start(candidate))?;
                if whole_frame(&mut BufReader::new(file))?.is_some() {
                    return Ok(Some(candidate));
                }
            }
        }
        // The next window begins where a magic could have been cut.
        at += (read - frame::MAGIC.len() + 1) as u64;
    }
}

impl Store for Disk {
    fn load(&mut self) -> Result<Loaded, StoreError> {
        let mut loaded = self.records.load()?;
        let segments = self.segments()?;
        for segment in &segments {
            self.end = self.scan(*segment, &mut loaded)?;
            self.segment = *segment;
        }
        // What was torn at the end was never acknowledged.
        let file = self.file(self.segment)?;
        file.set_len(self.end)?;
        file.sync_all()?;
        Ok(loaded)
    }

    fn append(&mut self, blobs: &[Blob]) -> Result<Vec<Option<Place>>, StoreError> {
        if self.poisoned {
            return Err(StoreError::Poisoned);
        }
        if self.end > SEGMENT {
            self.segment += 1;
            self.end = 0;
        }
        let file = self.file(self.segment)?;
        let bytes: usize = blobs.iter().map(|blob| HEAD + blob.bytes.len()).sum();
        let mut group = Vec::with_capacity(bytes);
        let mut places = Vec::with_capacity(blobs.len());
        for blob in blobs {
            let offset = self.end + group.len() as u64 + HEAD as u64;
            let len = u32::try_from(blob.bytes.len()).unwrap_or(u32::MAX);
            places.push((len > 0).then_some(Place { segment: self.segment, offset, len }));
            frame::encode(blob, &mut group);
        }
        if let Err(error) = file.write_all_at(&group, self.end) {
            // The space behind `end` belongs to nobody: the next group overwrites it.
            file.set_len(self.end)?;
            return Err(error.into());
        }
        if let Err(error) = file.sync_data() {
            self.poisoned = true;
            return Err(error.into());
        }
        self.end += group.len() as u64;
        Ok(places)
    }

    fn change(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        self.records.change(changes)
    }

    fn reader(&self) -> Box<dyn BlobReader> {
        Box::new(Segments { dir: self.dir.clone(), files: self.files.clone() })
    }

    fn expire(&mut self, alive: &dyn Fn(u32) -> bool) -> Result<(), StoreError> {
        for segment in self.segments()? {
            if segment != self.segment && !alive(segment) {
                self.files.lock().unwrap_or_else(PoisonError::into_inner).remove(&segment);
                fs::remove_file(self.path(segment))?;
            }
        }
        Ok(())
    }
}

struct Segments {
    dir: PathBuf,
    files: Files,
}

impl BlobReader for Segments {
    fn read(&self, place: Place) -> Result<Vec<u8>, StoreError> {
        let held = {
            let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            files.get(&place.segment).cloned()
        };
        let file = match held {
            Some(file) => file,
            None => {
                let name = format!("{:08}.seg", place.segment);
                let file = Arc::new(File::open(self.dir.join("segments").join(name))?);
                let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
                files.entry(place.segment).or_insert(file).clone()
            }
        };
        let mut bytes = vec![0; usize::try_from(place.len).unwrap_or(0)];
        file.read_exact_at(&mut bytes, place.offset)?;
        Ok(bytes)
    }
}
