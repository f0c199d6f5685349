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
code-changed-title = New code
code-changed = The code has changed. The old one no longer opens.
code-changed-backup = An earlier backup opens with its own words, as always.

# Home
home-title = Notes
home-log = Write down what happened
home-lock = Lock

# Problems on screen
problem-locked = It was locked. What was saved is saved.
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
screen-no-backup-of-damaged = A part cannot be read, and half a backup would deceive. None was made.
screen-backup-too-large = What the backup holds does not fit in the room that you chose. Nothing was made.
screen-no-smaller = The room can only grow. Nothing was changed.
screen-unfinished = It stopped before the end. What is done is done and nothing was lost.
screen-too-much = These are too many pieces for one parcel. Choose fewer. Nothing was lost.
screen-classic-recipient = That age key is a classic one: a quantum computer could open the file some day.
screen-not-confirmed = Nothing was changed.
screen-still-waiting = This piece still waits to leave. Nothing was deleted.
