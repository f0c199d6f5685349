# SPDX-License-Identifier: MPL-2.0
# What the screens say.

app-name = Notes
word-back = Back
word-listen = Listen
word-quiet = Stop listening
word-hide = Hide
word-hold = Press and hold
word-again = Tap again to confirm
word-next = Go on
word-working = One moment…
word-lost = This window lost the app. What was saved is saved. Open it again.
word-no-camera = The camera could not be used. Check the permission, or choose a file.
word-no-microphone = The microphone could not be used. Check the permission, or choose a file.
go-on = Go on
done = Done
begin-again = Begin again

# First run
language-title = Choose your language
language-help = You can change it later.
about-title = What this is
about-write = Here you write what happened, with photos, video or voice. It is kept closed with your code, on this phone only.
about-prove = Later it can be proved that it was not changed, and since when it exists.
about-send = Nothing leaves this phone unless you send it. Only the people you choose can open it.
about-nobody = Nobody asks for a name, a number or an e-mail.
about-desk-receive = Here your organisation receives what people send, closed from end to end.
about-desk-check = Each report is checked: who signed it, whether it changed, since when it exists.
about-desk-key = Everything is closed with a code on this computer.
about-browser = In a browser this is a demonstration. A browser may keep traces that a phone does not.
named-title = Your organisation
named-why = How do the people who will write to it know it?
named-name = Name of the organisation
named-help = It goes into the reports that you sign and into answers. It may be a pseudonym.
named-empty = The name is missing. It may be a pseudonym.
code-title = Your code
code-closes = These five words close everything that you keep.
code-words = Your code
code-forgotten = If you forget them, nobody can open what is kept. Nobody can give you others.
code-why-words = Here no part of the device helps to guard the code. That is why it is five words of chance and not a few digits.
code-other = I want other words
code-kept = I wrote them down
code-again-title = Type your code
code-again-how = The five words, in order. So you know that you have them right.
code-again-field = Your five words
code-again-help = Capitals do not matter.
code-again-wrong = These are not the same words. Check them, or go back to see them again.
how-much-title = How much room?
how-much-why = The room is set aside now, all of it. So nobody can tell from the size how much you keep.
how-much-minutes = { $minutes ->
    [one] about one minute of video
   *[other] about { $minutes } minutes of video
}
how-much-later = You can give more room later. Less, no.
how-much-do = Set the room aside
making-title = Getting ready
making-what = The room is being set aside and closed with your code. It can take a minute.
making-failed-title = It could not be made ready
making-failed-next = Nothing was left half done. You can begin again.

# Opening
unlock-title = Notes
unlock-code = Your code
unlock-help = Capitals do not matter.
unlock-open = Open

# Another code
new-code-title = New code
new-code-done = The code has changed. The old one no longer opens.
new-code-backup = An earlier backup opens with its own words, as always.

# Home
home-title = Notes
home-log = Write down what happened
home-lock = Lock

# Problems on screen
screen-no-vault = Nothing is kept here yet.
screen-damaged = The code is right, but a part cannot be read: the file is damaged. Do not delete it. With a backup it can be recovered in another folder.
screen-content-damaged = The content of this piece is damaged and cannot be read to its end. The rest is there.
screen-no-space = There is no room. What was saved is whole. Give more room or delete what you have handed over, and try again.
screen-not-found = That is no longer here. It may have been deleted.
screen-not-understood = Not understood: { $what ->
    [pairing] that code. Ask to be shown all of it again.
    [own-pairing] that code, which is yours. Read the other person's.
    [capability] the permission to send. Copy all of it; it begins with amatecap1
    [recipient] the age key. It begins with age1
    [meeting] the meeting number: it has 8 digits.
    [relay] the address of the relay. It begins with https://
   *[other] what you wrote. Please check it.
}
screen-no-backup-of-damaged = A part of the records cannot be read, and a backup without it would deceive. None was made.
screen-backup-too-large = What the backup holds does not fit in the room that you chose. Nothing was made.
screen-no-smaller = The room can only grow. Nothing was changed.
screen-unfinished = It stopped before the end. What is done is done and nothing was lost.
screen-too-much = These are too many pieces for one parcel. Choose fewer. Nothing was lost.
screen-classic-recipient = That age key is a classic one: a quantum computer could open the file some day.
screen-not-confirmed = Nothing was changed.
capture-cut = A photo or a file that you were adding was cut. It was not saved: add it again.
screen-still-waiting = This piece still waits to leave. Nothing was deleted.
screen-cannot-open = It did not open. Check the code and try again. Nothing was deleted.
screen-records-nearly = The records are nearly full ({ $percent } %). More still fits, and everything saved is whole.
screen-records-full = The records are full ({ $free } left): what is new may no longer fit. Everything saved is whole. Delete pieces that you have handed over.
screen-media-nearly = The room for photos, videos and files is nearly full ({ $percent } %). More still fits, and everything saved is whole.
screen-media-full = The room for photos, videos and files is full ({ $free } left): what is new may no longer fit. Everything saved is whole. Delete pieces that you have handed over.

# Times and names
when-today = today { $time }
when-yesterday = yesterday { $time }
when-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }, { $time }
verified = verified with their code
not-verified = not verified
blocked = blocked
chosen = chosen
chip-unknown = I don't know
chip-unsafe = Not safe
chip-rather-not = I prefer not
chip-later = Later

# Home
home-draft = Not finished
home-kept = What is kept
home-kept-count = { $cases ->
    [one] 1 record
   *[other] { $cases } records
} · { $items ->
    [one] 1 piece
   *[other] { $items } pieces
}
home-people = People
home-people-count = { $count ->
    [one] 1 contact
   *[other] { $count } contacts
} · { $verified ->
    [one] 1 verified
   *[other] { $verified } verified
}
home-inbox = What came
home-inbox-count = { $count ->
    [0] Nothing new
    [one] 1 not opened
   *[other] { $count } not opened
}
home-waiting = { $count ->
    [one] 1 parcel waiting
   *[other] { $count } parcels waiting
}
home-sent = Sent
home-sent-none = Nothing yet
home-sent-look = How far each one came
home-answer = You have an answer
home-answer-count = { $count ->
    [one] 1 message not read
   *[other] { $count } messages not read
}
home-settings = Settings

# Writing down
log-title = What happened
log-story = Tell it in your words
log-story-help = One sentence is enough. It is saved while you write.
log-saved = Saved. You can leave whenever you want.
log-when = When?
log-day = Which day?
log-where = Where?
log-place = Place
log-place-hint = Municipality, neighbourhood, or as you call it
log-place-help = Only as exact as you want.
log-evidence = Evidence
log-done = Done
log-throw = Throw away what I wrote
when-chip-today = Today
when-chip-yesterday = Yesterday
when-chip-other = Another day
where-chip-said = Say the place
throw-title = Throw it away?
throw-what = What you wrote and did not finish is deleted.
throw-pieces = { $count ->
    [0] There are no photos or recordings of this record.
    [one] The piece that you took stays in “What is kept”.
   *[other] The { $count } pieces that you took stay in “What is kept”.
}
throw-do = Throw away
throw-gone = This cannot be undone
throw-keep = Keep it

# Camera and recorder
way-photo = Photo
way-video = Video
way-voice = Voice
way-file = File
camera-photo = Photo
camera-video = Video
camera-voice = Voice
camera-take = Take the photo
camera-start = Record
camera-stop = Finish
camera-cancel = Leave it
camera-other = Other camera
camera-sealing = Sealed while it records
camera-sealed = It is kept sealed
camera-file = Choose a file

# What is kept
cases-title = What is kept
cases-none = Nothing yet. What you write down appears here.
cases-search = Search
cases-search-help = Searches what you wrote, with or without accents.
cases-look = Search
cases-not-found = Nothing found with these words: { $words }. Try fewer.
cases-part = Something may be missing: there was no room to search everything. Nothing was lost.
case-nameless = Without a name
case-pieces = { $count ->
    [one] 1 piece
   *[other] { $count } pieces
}
case-just-saved = Saved and sealed on this device. Nothing has left.
case-facts = What was said
case-sent = To whom it was sent
case-add = Add
case-proof = What can be proved
case-proof-what = and what cannot
case-records = Accounts, as pieces
case-send = Send
fact-when = When
fact-where = Where
piece-cut = cut: holds up to its last part
piece-recording = recording
item-cut = The recording was cut. It holds up to its last whole part.
item-recording = It is being recorded. Each part is saved already.
item-facts = About this piece
item-save = Take a copy out
item-save-warning = The copy leaves unsealed: whoever has it can see it. A trace may stay on this device.
item-save-do = Take the copy out
item-save-clear = It leaves unsealed
item-delete = Delete this piece
fact-origin = What it is
fact-kept = Saved
fact-size = Size
fact-sha256 = SHA-256 hash
origin-capture = captured inside the app
origin-import = file that existed before
origin-live = live recording
origin-record = written account
origin-redaction = copy with parts taken away
delete-title = Delete this piece?
screen-delete-waiting = It still waits to leave. If you delete it, those parcels are withdrawn whole, with their other pieces.
delete-do = Delete
delete-for-good = For good
delete-keep = Keep it
delete-gone = The piece was deleted.

# Sending
recipients-title = To whom?
recipients-how = Touch whoever you want to send it to. Nobody is chosen beforehand.
recipients-none = There is nobody to send to yet.
recipients-none-how = First add a person or organisation that you trust.
recipients-nobody = Choose at least one person or organisation.
before-title = Before sending
before-leaves = This will leave
before-always = This always goes along: when it was saved by this device's clock, and the signature of your identity.
before-unverified = You do not know for sure who this is. First verify with their code or with words.
before-consent = Do those who appear agree?
consent-only-me = Only I appear
consent-agree = Yes, they agree
consent-not-all = No, or not all
before-harm-think = Think for a moment: can it hurt somebody that this leaves?
before-harm = Can it do harm?
harm-no = No, I thought about it
harm-unsure = Yes, or I don't know
before-wait = You can take pieces out above, or wait and talk about it. If you still want to send it, you can.
before-answer = The two answers below are missing. No answer is wrong.
before-queue = Put in the queue
goes-author = Your name or pseudonym
goes-author-what = As you gave it
goes-names = Names of files
goes-names-what = As they were called before
goes-metadata = What the camera added
goes-metadata-what = Device, settings, sometimes the exact place
sent-title = Sent
sent-none = You have not sent anything yet.
sent-waiting = What waits leaves by itself, when there is signal. Nothing needs to be done.
sent-now = Try now
sent-stale = { $name }: their published keys are old. Ask them to open the app and connect.
state-waiting = waiting
state-left = left, a part is missing
state-at-relay = at the relay
state-opened = opened by a person
state-not-queued = in no queue; write it again
line-title = Sent to { $name }
line-states = How far it came
line-saved = In the queue
line-left = Left this device
line-left-some = { $count ->
    [one] 1 part is missing
   *[other] { $count } parts are missing
}
line-at-relay = Reached the relay
line-opened = Opened by a person
line-opened-signed = there is their signature
line-nobody-yet = nobody yet
line-proved = It can be proved that it existed before this: { $time }, by the relay's clock.
line-waits = While there is no receipt of the relay, we do not say that it arrived.
line-blocked = This contact is blocked: nothing more goes there.
line-answer = Write about this
proof-title = What is proved
proof-checking = Checking signatures, hashes and receipts…
proof-how = This was checked just now, as anybody would with the exported file.
proof-holds = What holds
proof-limits = What it does not show

# People
people-title = People
people-none = The people and organisations that you trust go here.
people-add = Add somebody
people-relays = Relays
person-verified = Verified: you checked their code or their words.
person-not-verified = Not verified: you do not know for sure who this is.
person-name = What you call them
person-name-help = Seen here only.
person-facts = Their identity
person-identity = Identity number
person-block = Block
person-block-what = Nothing of theirs is taken in, nothing goes to them
person-blocked = Blocked: nothing of theirs is taken in, nothing goes to them.
person-unblock = Unblock
add-title = Add somebody
add-own = Your code
add-own-how = The other person reads this code with their device. Then you read theirs.
add-making = Making your code…
add-copy = Copy as text
add-no-relay = First read the code of the other person or organisation: it brings the relay to send through.
add-no-relay-desk = So that people can send to you, first add a relay.
add-relay = Add a relay
add-far = Are you far apart?
add-far-how = In a call both read the same words aloud.
add-words = With words
add-paste = Paste their code
add-scan = Read their code
scan-title = Read their code
scan-hold = Point at the code on the other screen
scan-nothing-kept = No picture is kept
scan-paste = Paste the text
scan-read = Code read.
scan-text = The text of the code
scan-text-help = It begins with AMATE1:
scan-name = What do you call them?
scan-name-help = Seen here only.
scan-no-name = What do you call them? It is seen here only.
scan-add = Add
scan-asking = Asking the relay…
paired-title = Verified
paired-done = { $name }: verified. You can send to them now.
paired-both = So that the other person knows who you are too, show them your code.
paired-show = Show my code
by-words-title = With words
by-words-how = Call each other. One begins and reads a number of 8 digits; the other types it.
by-words-begin = I begin
by-words-join-card = Has the other person begun?
by-words-their = The number they read
by-words-join = Join
by-words-call = Knowing the voice is part of the safety.
by-words-number = Read this number aloud:
by-words-number-is = Meeting number
by-words-waiting = Waiting for the other person…
by-words-read = Read these words aloud, in turns. Are they exactly the same?
by-words-words = The words
by-words-why = If a single word differs, somebody may stand in between.
by-words-same = They sound the same
by-words-other = They differ
by-words-refused = Nobody was added. If the words were not the same, use another way.
by-words-again = Begin again
relays-title = Relays
relays-what = A relay is a server that carries sealed blocks. It cannot read anything.
relays-may = with permission to send
relays-may-not = to collect only
relays-url = Address
relays-url-hint = https://relay.example
relays-capability = Permission to send
relays-capability-help = It begins with amatecap1. Without it things are only collected.
relays-add = Add
relays-added = Relay added: { $url }

# What came
inbox-title = Inbox
inbox-empty = Nothing has come yet. What people send you appears here by itself.
inbox-now = Look now
arrival-announced = announced; the rest is being fetched
arrival-arrived = whole, not opened
arrival-opened = opened
arrival-newer = needs a newer version; it was kept
arrival-refused = does not match its signatures; not accepted
arrival-expired = did not come whole in time; ask for it again
arrival-deleted = you deleted all its pieces without opening it
badge-signed = valid signature
badge-message = new message
badge-responsible = in charge: { $name }
report-title = Report of { $name }
report-came = Came { $time }
report-verified = From somebody whom you verified.
report-not-verified = The signature is valid, but you do not know for sure whose it is.
report-name = Who do you think it is?
report-name-help = A name to know it by, here. It verifies nothing.
report-pieces = Here are { $here } of { $listed ->
    [one] { $listed } piece
   *[other] { $listed } pieces
} of the case.
report-missing = Pieces { $numbers } are missing: the sender did not send them, they are on their way, or they were deleted here.
report-nobody = Nobody is in charge yet.
report-somebody = In charge: { $name }
report-assign = Who is in charge
report-responsible = Person in charge
report-responsible-help = Seen at this desk only.
report-proof = What is proved
report-export = Export
report-answer = Answer
answer-title = Write to { $name }
answer-text = Message
answer-help = It goes sealed from end to end. It is saved while you write.
answer-not-verified = Not verified: you do not know for sure who will read it.
answer-send = Send
conversation = Messages
export-title = Export
export-what = A file comes out that anybody can verify without this app.
export-holds = It holds { $count ->
    [one] 1 piece
   *[other] { $count } pieces
}, with signatures, custody and receipts. Facts about who documented it stay out.
export-clear = The file leaves unsealed: whoever has it can read it.
export-do = Export
export-do-what = It leaves unsealed

# Desk
desk-no-relay = To receive, a relay is needed. Ask its operator for the address and the permission.
desk-empty = Nothing has come yet.
desk-empty-how = Show your code to whoever will write to you: with it they can send.
desk-choose = Choose a report from the list.

# Settings
settings-title = Settings
settings-code = Change the code
settings-code-what = The old one stops opening
settings-relays-what = The way out and in
settings-software = Here the device's key lies beside what is kept. Whoever copies this folder can try codes elsewhere: that is why it is five words.
settings-software-desk = The key of this computer lies beside what is kept. Mind who can copy this folder.
room-records = Records
room-media = Photos, videos and files
room-used = { $used } of { $total }

# Second door --------------------------------------------------------------------------------
door-title = Second door
settings-door-what = Another code, in case you are forced to give one
door-what = If somebody forces you to give your code, you can give another. It opens a place of its own, which works the same and holds what you put there.
door-used = The files are the same, of the same size. Nothing in them says whether there is a second door.
door-used-screen = The screens and the files are the same, of the same size. Whoever looks at the device, or uses it, does not see whether there is a second door.
door-limits = What it does not protect you from
door-limit-person = Somebody who saw what you keep in the first, or knows that you have it.
door-limit-phone = What the device notes by itself: when this app, the camera or the network was used.
door-limit-late = Somebody who copied these files before you set it: they may notice that it is new. Set it early.
door-limit-much = What large photos and videos take up: who compares two copies of these files, or sees that they are renewed afterwards, may notice that they were saved.
door-limit-software = Here the keys of the device lie beside the files: whoever has two copies of the folder can always notice that there is more.
door-limit-inside = Whoever is in the second and sets another door there takes the room of the first, without knowing. What is in the first is lost.
door-limit-empty = If it is empty, or used only when you are forced, nobody believes it.
door-set = Set a second door
door-there = There is a second door.
door-damaged = What is behind the second door could not be opened this time. Lock and go in again. If it stays so, take it away and set another.
door-code = Change its code
door-code-what = The old one no longer opens it
door-opens = Only opens the second
door-opens-what = The first stays as it is, and opens with its own code.
door-overwrites = Also closes the first for good
door-overwrites-what = Once that code is given, the first one's opens nothing. Only a backup, or an earlier copy of these files, still opens what is there.
door-overwrites-warning = Have a backup of the first away from this device, or let what matters have reached people you trust. Until it is used, whoever has that code and can put a program on this device can learn what it does.
door-closes-now = If anybody gives that code, you too, the first closes for good.
door-fill-first = To go in and put things there without losing the first, choose before that it only opens the second.
door-how-title = What does the other code do?
door-how-later = You can change this later.
door-words-title = The code of the second door
door-words-open = These five words open the second door.
door-words-learn = Learn them. If you write them down, then not beside those of the first.
door-ready-title = The second door is set
door-ready-what = Now lock, go in with those words and put ordinary things there. What you write there stays.
door-ideas = Ideas to fill it
door-idea-list = A shopping list, or things to do.
door-idea-meeting = What was agreed at a meeting of the school or the street.
door-idea-money = What you spent this week, or a recipe.
door-idea-photo = Photos of food, of plants or of a landscape.
door-own-words = In your own words, and on different days. Go in again now and then.
door-later = Later
door-enter = Lock, to go in there
door-remove = Take the second door away
door-remove-what = What is behind it is deleted for good
door-removed = The second door is gone. Its code opens nothing any more.
door-offer-title = A second code?
door-offer-later = You can set it now, or later in Settings.
door-offer-see = See how it works
door-offer-not = Not now
more-room-title = More room
more-room-what = For photos, videos and files
more-room-why = The room is set aside at once, all of it, and stays so.
more-room-by = { $more } more
more-room-then = { $total } in all
more-room-never-less = You can give more later. Less, you cannot.
more-room-do = Set the room aside

# New keys ------------------------------------------------------------------------------------
new-keys-title = If it was in other hands
new-keys-what = Renew the keys of all files
new-keys-is-due = The keys should be renewed: something large was saved
new-keys-why = Whoever had this device may have copied the files. With another copy, later, they can compare in which parts something was written. If you renew the keys, everything changes alike and comparing no longer tells.
new-keys-not = Do it before you write anything more. Your code stays the same and nothing is deleted. What two copies already show, it does not take away.
new-keys-software = Mind: here the device's key lies beside the files. So renewing does not keep anybody from comparing with a copy from before.
new-keys-due = You saved photos, videos or files that are larger than one session conceals. It is well to renew.
new-keys-do = Renew the keys
new-keys-going = Renewing the keys
new-keys-done-of = { $percent } %
new-keys-meanwhile = You can go on using the app, and lock it too. If it is cut, it goes on the next time that you enter.
new-keys-done = Done. Everything has new keys.
