# SPDX-License-Identifier: MPL-2.0
language = en
cli-about = Amate keeps what happened, seals it, and gets it to the people you choose.
cli-home = Folder of the vault
cli-lang = Language: es or en
cli-code-file = File with the code on its first line; “-” is the input. For tests only: normally the code is asked for
cli-proxy = SOCKS exit, for example socks5h://127.0.0.1:9050 (Tor)
cli-usage = Usage
cli-options = Options
cli-commands = Commands
cli-examples = Examples
cli-help = Shows this help
cli-missing = { $word } is missing. See the help: { $help }
cli-not-understood-word = “{ $word }” was not understood. See the help: { $help }
cli-not-understood = I did not understand that command. See the help: { $help }

cli-init = Makes the vault
cli-init-name = Your name or pseudonym; it is sealed and shown only if you want
cli-init-generate = Proposes a code of five words and shows it once
cli-init-cost = Memory of the code in MiB, 64 or more (less for tests only)
cli-init-phone = With the fixed size and the two halves of a phone: on disk it always looks equally large
cli-init-records = Size of a phone's file of records, in MiB
cli-init-reserve = Size of a phone's file of photos and videos, in MiB; half of it is yours
cli-log = Writes down an incident in your own words
cli-log-text = What happened; “-” reads the input
cli-log-when = When: 2026-11-20, 2026-11, 2026 or words
cli-log-where = Where, no more precise than you want: municipality, neighbourhood, words
cli-case = Case: its number. Without it, the last one; if there is none, a new one
cli-new-case = Opens a new case with this name (the name never leaves)
cli-import = Keeps files that exist already, exactly as they are
cli-files = Files or folders
cli-capture = Keeps a capture made inside the app: takes metadata off before sealing and keeps it apart
cli-record = Records live from the input, in signed segments
cli-record-type = Type, for example audio/ogg or video/mp4
cli-record-small = Small segments (128 KiB) for slow networks
cli-list = Shows cases and items
cli-find = Finds what you wrote down and what you opened, by words
cli-find-words = Words; of the last one its beginning is enough. Accents and kinds of apostrophe make no difference; “-” reads them from the input
cli-delete = Deletes an item for good; without --yes it only says what would happen
cli-delete-item = Number of the item
cli-delete-case = Number of its case
cli-delete-yes = Really deletes it
cli-delete-withdraw = Also takes back the parcels that carry it and wait
cli-storage = Shows how much room is used and what is filling up
cli-storage-reserve = Gives photos, videos and files this much room, in MB. With a phone's size it is for good: it cannot be taken back
cli-storage-yes = With a phone's size: really give it
storage-for-good = The room for photos, videos and files goes from { $now } to { $then }. On the disk that is { $disk } more, because both halves grow alike. It is for good: it cannot be taken back, and whoever looks at the files sees that they grew.
cli-code = Changes the code of the vault: asks the present one, and the new one twice
cli-code-new-file = File with the new code on its first line. For tests only
cli-backup = Makes a sealed copy of the whole vault in a file, which opens with six words
cli-backup-file = File to make; it never replaces another
cli-words-file = File with the words of the backup on its first line. For tests only: normally they are asked for, or shown once
cli-restore = Makes a vault with what a backup has; only where there is none
cli-restore-file = File of the backup
cli-refresh = This device was out of your hands: gives every place of the files new keys. Asks no code
cli-check = Reads everything that is kept and says what can be read and what is damaged
storage-used = Photos, videos and files: { $used } MB of { $reserve } MB.
storage-records = Records (accounts and small files, signatures, keys, receipts, texts for finding): { $used } of { $total }.
storage-records-open = Records (accounts and small files, signatures, keys, receipts, texts for finding): { $used }. They grow while the disk has room.
cli-relay = Relays that this vault uses
cli-relay-add = Adds a relay
cli-relay-url = Address, for example https://relay.example
cli-relay-key = The relay's key in hexadecimal, if you were given it
cli-relay-capability = Capability, begins with amatecap1
cli-relay-list = Shows the relays
cli-pair = Pairs with another vault
cli-pair-show = Shows your pairing code (the text of the QR code)
cli-pair-grant = Includes a capability for one person; their number
cli-pair-scan = Reads the code of the other screen
cli-pair-text = The text; begins with AMATE1:
cli-pair-name = What you call them
cli-pair-words = Pairs during a call, by reading words aloud
cli-pair-meeting = Meeting number of 8 digits; without it a new one is begun
cli-pair-relay = Address of the relay where you meet
cli-block = Blocks a contact
cli-contact = Name of the contact
cli-send = Seals a case and queues it; then sends what waits
cli-send-to = To whom; may be repeated
cli-send-item = Only these items (numbers); without it, the whole case
cli-send-later = Only queues; does not use the network
cli-send-tries = Rounds over the relays before stopping
cli-status = Tells the truth about what waits, left, arrived or was opened
cli-receive = Collects what has arrived
cli-inbox = Shows what was received
cli-open = Opens a received report, says what is proved, and tells the sender
cli-report = Number of the report
cli-export = Exports a whole case as one file that anybody can verify
cli-export-out = File to make
cli-export-to = Seals the file for this age key; may be repeated
cli-export-classic = Accepts classic age keys
cli-export-show = Facts to show, separated by commas; “all” shows all that were received
cli-verify = Verifies an exported case, without network and without vault
cli-verify-file = File to check
cli-verify-json = Only the result, as JSON
cli-view = Writes the content of an item to a file, in the clear: after that the vault no longer protects it

example-init = amate init
example-log = amate log "Two men in a grey truck asked for me" --when 2026-11-20 --where "Tlapa"
example-import = amate import photos/ receipt.pdf
example-capture = amate capture shot.jpg
example-record = arecord -f cd | amate record --type audio/wav
example-pair-show = amate pair show
example-pair-scan = amate pair scan AMATE1:IFGX… --name "Desk"
example-pair-words = amate pair words --relay https://relay.example
example-send = amate send --case 1 --to Desk
example-receive = amate receive
example-open = amate open 1
example-export = amate export --case 1 case.zip
example-delete = amate delete 3 --case 1
example-find = amate find grey truck
example-storage = amate storage --reserve 4000
example-code = amate code --generate
example-backup = amate backup copy.amate
example-restore = amate restore copy.amate
example-refresh = amate refresh
example-check = amate check
example-verify = amate verify case.zip
example-relay = amate relay add https://relay.example --capability amatecap1…

ask-code = Code:
ask-code-new = New code:
ask-words = The six words of the backup, in their order:
ask-code-again = The same code again:
code-differs = The two codes are not the same. Nothing was changed.
code-short = The code is too short: use five words or more. This computer has no hardware key, and a short code is guessed within hours.
code-is = Your code is: { $code }
code-write = Learn it or keep it away from this computer. Without it nobody can open the vault; not even the people who make Amate.
init-done = The vault is ready. Nobody else has the key.
init-phone-media = For photos, videos and files there are { $size }: about { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
} of video.
init-phone-records = For records (accounts, signatures, keys, receipts) there are { $size }. That size does not grow.
init-phone-halves = The files already take all of their size. Your vault is one half; the other is noise. A second vault there does not exist yet.
two-copies = On this device the device's key lies beside the vault. Whoever has two copies of this folder, of different moments, can compare them and see which half you use and how much you saved. Not what it says: that needs your code.
code-changed = The code was changed. The old one opens this vault no more.
code-elsewhere = Earlier copies still open with what is theirs: backups with their words, and an old copy of the folder with the old code.
backup-words = The six words of the backup are: { $code }
backup-write = They are shown only this once. Write them down and keep them away from the file. Without them nobody opens the backup; with them and the file, anybody.
backup-running = Making the backup…
backup-done = Backup made and sealed: { $name }
backup-holds = It has everything of this vault: cases, items, keys, contacts, parcels and reports. Of another vault it has nothing. Whoever has the file and the words can read everything and sign in your name.
backup-without = What cannot be read any more is missing: its data and signatures are in the backup, its content is not.
backup-keeps = What you delete later stays in the backup, and what you save later is not in it. When you make another one, delete this one.
restore-running = Opening the backup…
restore-done = The vault is here, with everything that it had on the day of the backup. What came later is not there. It opens with your new code.
restore-one = If you did not use the earlier vault after the backup, you can go on here. Then use the other no more: both sign with the same key.
restore-read = If you went on there, use this one for reading only, with no network. What it would sign contradicts what you sent and is not accepted, and what others send you can be lost in silence. For what is new, make another vault and pair again.
refreshing = Refreshing: { $percent } %
refresh-done = Done: every place of the files has new keys.
refresh-software = Mind: on this device the device's key lies beside the vault. So refreshing does not keep anybody from comparing with a copy taken before. It will help when the key is in the hardware of a phone, which does not exist yet.
checking = Reading everything…
check-whole = Everything can be read whole: { $count ->
    [one] 1 item
   *[other] { $count } items
}, { $size }.
check-rest = Read whole: { $count ->
    [one] 1 item
   *[other] { $count } items
}, { $size }.
check-item = Damaged: case { $case }, item { $number } · { $title }. Its content cannot be read whole; its data and signatures can.
check-others = { $count ->
    [one] One content that was arriving cannot be read
   *[other] { $count } contents that were arriving cannot be read
}. Ask for it to be sent again.
check-pages = { $count ->
    [one] One page of the records cannot be read
   *[other] { $count } pages of the records cannot be read
}. Anything of the list may be missing: items, signatures, contacts or keys.
check-unlisted = The list of what is kept cannot be read. Nobody knows what is missing.
check-repaired = One of two copies of something was bad and was written again: nothing was lost. If it happens again without power cuts, the disk is failing.
saved-record = Saved. Case { $case }, item { $number }.
kind-record = report
kind-image = photo
kind-audio = audio
kind-video = video
kind-document = document
kind-file = file
saved-import = Saved exactly as it is: { $name } ({ $type }). Case { $case }, item { $number }.
saved-capture = Saved: { $name } ({ $type }). Metadata ({ $bytes }) taken off before sealing and kept apart. Case { $case }, item { $number }.
saved-live = Recording saved: { $segments } segments. Case { $case }, item { $number }.
live-recording = Recording. Each whole segment is saved and sealed.
list-empty = Nothing is saved yet. To begin: { $example }
find-none = I found nothing with all of these words: { $words }. I look in your accounts and in those you opened, in places, dates, names of cases and names of files. I do not look inside photos, audio, videos and documents. Try fewer words, or see everything with: amate list
find-part = Something may be missing: the records had no room to make everything findable. Nothing was lost; amate list shows all of it.
list-case = Case { $case }: { $title }
list-item = { $number }. { $type }, { $length }, { $state ->
    [interrupted] interrupted: valid up to its last whole segment
    [recording] recording
   *[complete] complete
} · kept { $time } by this device's clock · { $title }
case-untitled = no name
relay-added = Relay added: { $url }. Its key is { $key }.
relay-none = There are no relays yet. The recipient gives you one when pairing, or add one with: amate relay add
relay-line = { $url } · key { $key } · { $may ->
    [yes] with a capability
   *[no] for collecting only
}
pair-show-hint = Let the other person read this from your screen. Then read theirs: only then are both sides verified.
pair-own = Your identity is { $identity }. It is the number that whoever verifies your exports sees.
pair-done = { $name }: verified. Their identity is { $identity }.
pair-read-number = Read this number aloud: { $number }
pair-waiting = Waiting for the other person…
pair-words = These are the words: { $words }
pair-words-how = Read the words to each other, taking turns. Are they exactly the same?
pair-answer = Write “yes” or “no”:
pair-refused = Not paired. If the words were not the same, somebody may be in the middle: use another way.
blocked-done = { $name }: blocked. Nothing of theirs is received and nothing is sent to them.
queued = Queued for { $name }: { $items ->
    [one] 1 item
   *[other] { $items } items
}, { $blocks ->
    [one] 1 block
   *[other] { $blocks } blocks
}. Nothing has left this device yet.
delivering = Sending…
delivery = { $name }: { $state ->
    [waiting] waiting; nothing has left this device
    [left] left this device; { $left ->
        [one] 1 block has
       *[other] { $left } blocks have
    } not reached the relay
    [at-relay] at the relay { $relay }, with receipts for everything, since { $time } by the relay's clock
   *[opened] opened by a person: there is a signature of theirs
}
status-parcel = Parcel { $parcel }, case { $case }, queued { $time } by this device's clock
status-none = There are no parcels.
status-new-log = { $url } began a new log. Earlier proofs still hold; ask whoever runs it why.
status-unproven = { $url } has not shown that its log continues the one you knew. Until it does, nothing new of it is believed.
status-forked = { $url } showed two different logs: nothing of it is believed any more.
status-stale = { $name }: their published keys are old. Ask them to open their desk and connect.
received-none = Nothing new arrived.
received = Report { $report } arrived from { $name } ({ $verified ->
    [yes] verified
   *[no] not verified: you cannot be sure who this is
}).
received-refused = { $count ->
    [one] One parcel came that does not match its signatures. It was not accepted.
   *[other] { $count } parcels came that do not match their signatures. They were not accepted.
}
inbox-none = Nothing has arrived yet. What others send you appears here after: { $example }
inbox-line = { $report }. { $name } · { $state ->
    [announced] its notice arrived; the rest is still to be fetched
    [arrived] complete, not opened
    [opened] opened
    [newer] needs a newer version of Amate; it was kept
   *[refused] not accepted: { $reason }
}
open-title = Report { $report } from { $name }
open-case = { $here } of { $listed } items of the case arrived.
open-missing = Missing items: { $numbers }. The sender chose not to send them, they are on their way, or you deleted them.
open-item = Item { $number }: { $type }, { $length }
open-story = In their own words: { $story }
open-when = When, according to the person: { $when }
open-where = Where: { $where }
open-done = The sender was told that a person opened it.
export-done = Exported: { $name }. Anybody can verify it with: amate verify { $name }
export-sealed = Sealed for { $count ->
    [one] one age key
   *[other] { $count } age keys
}: { $name }
export-warning = This file leaves the vault in the clear: whoever has it can read it.
view-done = { $name } was written in the clear. The vault no longer protects it.
delete-what = To be deleted: case { $case }, item { $number }, { $length } · { $title }
delete-own = From this vault go its content, its facts, its custody, its proofs of relays and the key that signs it. Nobody can bring it back. What you did not hand over or export before cannot be proved with it any more.
delete-received = Your copy goes, with its facts and its proofs. Who sent it may have theirs; if they send it to you again, it appears here again. The signed note stays, without content, that it arrived and what you did with it.
delete-listed = The signed list of the case goes on naming item { $number }. Whoever verifies the case sees that it is missing, not what it said. Its number is not used again.
delete-waiting = It still waits to leave, in { $count ->
    [one] one sending
   *[other] { $count } sendings
}. If you delete it with --withdraw, these are taken back whole, with their other items. What has already left of them may stay at the relay.
delete-left = It has left this device: what the relay or who received it has is not deleted from here.
delete-done = Deleted: case { $case }, item { $number }. The original file, if there is one outside the vault, is where it was.
inbox-deleted = you deleted all of its items without opening it
verify-not-export = This file is not a case exported by Amate, or it is too damaged to read.
unknown-name = somebody without a name
metadata-kept-as-is = Saved unchanged: { $name }. Its metadata could not be taken off; it would go along when sent.
yes = yes
no = no
cli-status-blocks = Only the names of the blocks, one a line
cli-phone = Opens the screens of a phone in the browser of this computer
cli-desk = Opens the screens of a desk in the browser of this computer
cli-port = Port on this computer; 0 is any that is free
example-phone = amate phone
example-desk = amate desk
screens-open = Open this address in the browser of this computer. It works once. To end: Ctrl-C
open-waits = Several codes were wrong. This one is tried in { $seconds } seconds.
