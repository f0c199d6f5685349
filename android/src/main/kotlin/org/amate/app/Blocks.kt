// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.text.Editable
import android.text.InputFilter
import android.text.InputType
import android.text.TextWatcher
import android.view.Gravity
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import android.widget.LinearLayout
import android.widget.TextView
import uniffi.amate_screen.Action
import uniffi.amate_screen.Badge
import uniffi.amate_screen.Block
import uniffi.amate_screen.ButtonStyle
import uniffi.amate_screen.Icon
import uniffi.amate_screen.Input
import uniffi.amate_screen.Kind
import uniffi.amate_screen.TextStyle

/** Each kind of block as a widget of the platform. What is to be seen and not entered: [Shown]. */
class Blocks(private val context: Context, private val look: Look, private val screen: ScreenView) {
    private val c = look.colours
    private val m = look.measures
    private val shown = Shown(context, look, screen)

    fun draw(block: Block): View = when (val kind = block.kind) {
        is Kind.Text -> text(block.label, kind.style)
        is Kind.Notice -> shown.notice(block, kind)
        is Kind.Field -> field(block, kind)
        is Kind.Choice -> choice(block, kind)
        is Kind.Date -> date(block, kind)
        is Kind.Toggle -> toggle(block, kind)
        is Kind.Row -> row(block, kind)
        is Kind.Tile -> tile(block, kind)
        is Kind.Button -> button(block.key, block.label, kind.icon, kind.style)
        is Kind.Hold -> hold(block, kind)
        is Kind.Capture -> capture(block, kind)
        is Kind.Camera -> shown.camera(kind)
        is Kind.Evidence -> entry(block.key, kind.icon, block.label, kind.text, kind.badges)
        is Kind.Player -> shown.player(block, kind)
        is Kind.Line -> shown.line(kind)
        is Kind.Meter -> shown.meter(block, kind)
        is Kind.Facts -> shown.facts(kind)
        is Kind.Checks -> shown.checks(block, kind)
        is Kind.Spoken -> shown.spoken(block, kind)
        is Kind.QrShow -> shown.qr(block, kind)
        is Kind.Card -> shown.card(block.label, kind.blocks.map(::draw))
        is Kind.Message -> shown.message(block, kind)
    }

    /** A field that a person is in keeps its words and cursor; only its help is renewed. */
    fun renew(view: View, block: Block): Boolean {
        val kind = block.kind as? Kind.Field ?: return false
        val help = view.findViewWithTag<TextView>(HELP) ?: return false
        help.text = kind.help
        help.setTextColor(look.colour(if (kind.wrong) c.danger else c.ink2))
        return true
    }

    private fun text(label: String, style: TextStyle): View {
        val view = TextView(context)
        view.text = label
        when (style) {
            TextStyle.BODY -> look.text(view, m.text, c.ink)
            TextStyle.SECOND -> look.text(view, m.second, c.ink2)
            TextStyle.HEADING -> look.text(view, m.text, c.ink, strong = true)
            TextStyle.QUESTION -> look.text(view, m.question, c.ink, strong = true)
            TextStyle.QUOTE -> {
                look.text(view, m.text, c.ink)
                view.background = look.shape(c.surface, c.line)
                view.setPadding(look.px(14f), look.px(14f), look.px(14f), look.px(14f))
            }
        }
        if (style == TextStyle.HEADING || style == TextStyle.QUESTION) heading(view)
        return view
    }

    private fun field(block: Block, kind: Kind.Field): View {
        val input = EditText(context)
        input.setText(kind.value)
        input.hint = kind.hint
        input.setHintTextColor(look.colour(c.ink2))
        look.text(input, m.text, c.ink)
        input.background = look.shape(c.surface, if (kind.wrong) c.danger else c.line, m.cornerSmall)
        input.setPadding(look.px(14f), look.px(11f), look.px(14f), look.px(11f))
        input.minimumHeight = look.px(m.target)
        input.filters = arrayOf(InputFilter.LengthFilter(kind.limit.toInt()))
        input.imeOptions = NO_LEARNING or EditorInfo.IME_FLAG_NO_EXTRACT_UI
        if (android.os.Build.VERSION.SDK_INT >= 26) input.importantForAutofill = View.IMPORTANT_FOR_AUTOFILL_NO
        input.isSaveEnabled = false
        input.inputType = type(kind.input)
        if (kind.input == Input.LINES) {
            input.minLines = 5
            input.gravity = Gravity.TOP or Gravity.START
        }
        listen(input, block.key, kind.input == Input.CODE)
        return labelled(block.label, input, kind.help, kind.wrong)
    }

    private fun type(input: Input) = when (input) {
        Input.LINE -> InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES
        Input.LINES -> InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_FLAG_MULTI_LINE or InputType.TYPE_TEXT_FLAG_CAP_SENTENCES
        Input.CODE -> InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PASSWORD
        Input.DIGITS -> InputType.TYPE_CLASS_NUMBER
        Input.ADDRESS -> InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_URI
    }

    private fun listen(input: EditText, key: String, secret: Boolean) {
        input.addTextChangedListener(object : TextWatcher {
            override fun afterTextChanged(text: Editable) {
                val change = if (secret) Action.Secret(key, text.toString().toByteArray()) else Action.Change(key, text.toString())
                screen.entered(change, key)
            }

            override fun beforeTextChanged(s: CharSequence?, start: Int, count: Int, after: Int) = Unit
            override fun onTextChanged(s: CharSequence?, start: Int, before: Int, count: Int) = Unit
        })
        input.setOnFocusChangeListener { _, focused -> if (!focused) screen.save() }
    }

    private fun labelled(label: String, input: View, help: String, wrong: Boolean): View {
        val box = column()
        val question = text(label, TextStyle.HEADING)
        if (input.id == View.NO_ID) input.id = View.generateViewId()
        question.labelFor = input.id
        input.contentDescription = null
        box.addView(question)
        box.addView(input, spaced(6f))
        val below = TextView(context)
        below.tag = HELP
        below.text = help
        look.text(below, m.small, if (wrong) c.danger else c.ink2)
        below.visibility = if (help.isEmpty()) View.GONE else View.VISIBLE
        if (wrong) below.accessibilityLiveRegion = View.ACCESSIBILITY_LIVE_REGION_POLITE
        box.addView(below, spaced(6f))
        return box
    }

    private fun date(block: Block, kind: Kind.Date): View {
        val input = EditText(context)
        input.setText(kind.value)
        input.hint = "2026-11-20"
        input.setHintTextColor(look.colour(c.ink2))
        look.text(input, m.text, c.ink)
        input.background = look.shape(c.surface, c.line, m.cornerSmall)
        input.setPadding(look.px(14f), look.px(11f), look.px(14f), look.px(11f))
        input.minimumHeight = look.px(m.target)
        input.inputType = InputType.TYPE_CLASS_DATETIME or InputType.TYPE_DATETIME_VARIATION_DATE
        listen(input, block.key, secret = false)
        return labelled(block.label, input, "", wrong = false)
    }

    private fun choice(block: Block, kind: Kind.Choice): View {
        val box = column()
        box.addView(text(block.label, TextStyle.HEADING))
        val chips = Wrapping(context, look.px(8f))
        for (chip in kind.options) {
            val view = TextView(context)
            view.text = chip.label
            look.text(view, m.text, if (chip.chosen) c.primary else c.ink, strong = chip.chosen)
            val (fill, border) = if (chip.chosen) c.soft to c.primary else c.surface to c.line
            view.background = look.shape(fill, border, m.target / 2u, touch = true)
            view.setPadding(look.px(16f), look.px(8f), look.px(16f), look.px(8f))
            view.minHeight = look.px(m.target)
            view.minWidth = look.px(m.target)
            view.gravity = Gravity.CENTER
            view.isSelected = chip.chosen
            tappable(view, chip.key)
            chips.addView(view)
        }
        box.addView(chips, spaced(8f))
        return box
    }

    private fun toggle(block: Block, kind: Kind.Toggle): View {
        val switch = android.widget.Switch(context)
        switch.isChecked = kind.on
        switch.text = listOf(block.label, kind.text).filter(String::isNotEmpty).joinToString("\n")
        look.text(switch, m.text, c.ink)
        switch.setCompoundDrawables(look.icon(kind.icon, c.ink), null, null, null)
        switch.compoundDrawablePadding = look.px(12f)
        switch.minHeight = look.px(m.button)
        switch.tag = block.key
        switch.setOnClickListener { screen.tap(block.key) }
        return switch
    }

    private fun row(block: Block, kind: Kind.Row): View {
        val view = entry(block.key, kind.icon, block.label, listOf(kind.text, kind.aside).filter(String::isNotEmpty).joinToString(" · "), kind.badges)
        view.isSelected = kind.selected
        if (kind.selected) view.background = look.shape(c.soft, c.primary, touch = true)
        if (!kind.opens) {
            view.isClickable = false
            view.isFocusable = false
            view.setOnClickListener(null)
        }
        return view
    }

    /** A card of the first screen: icon above, two lines below. */
    private fun tile(block: Block, kind: Kind.Tile): View {
        val box = column()
        box.background = look.shape(c.surface, c.line, touch = true)
        box.setPadding(look.px(14f), look.px(14f), look.px(14f), look.px(14f))
        box.minimumHeight = look.px(112f)
        box.addView(shown.picture(kind.icon, c.ink), LinearLayout.LayoutParams(look.px(24f), look.px(24f)))
        box.addView(text(block.label, TextStyle.BODY).apply { look.text(this as TextView, m.text, c.ink, strong = true) }, spaced(6f))
        box.addView(text(kind.text, TextStyle.SECOND))
        box.contentDescription = "${block.label}. ${kind.text}"
        tappable(box, block.key)
        return box
    }

    /** A card with an icon and two lines. */
    private fun entry(key: String, icon: Icon, label: String, text: String, badges: List<Badge> = emptyList()): View {
        val line = LinearLayout(context)
        line.gravity = Gravity.CENTER_VERTICAL
        line.background = look.shape(c.surface, c.line, touch = true)
        line.setPadding(look.px(14f), look.px(12f), look.px(14f), look.px(12f))
        line.minimumHeight = look.px(m.button)
        line.addView(shown.picture(icon, c.ink), LinearLayout.LayoutParams(look.px(24f), look.px(24f)))
        val words = column()
        words.addView(text(label, TextStyle.HEADING).apply { if (android.os.Build.VERSION.SDK_INT >= 28) isAccessibilityHeading = false })
        if (text.isNotEmpty()) words.addView(text(text, TextStyle.SECOND))
        if (badges.isNotEmpty()) words.addView(shown.badges(badges), spaced(4f))
        line.addView(words, LinearLayout.LayoutParams(0, WRAP_CONTENT, 1f).apply { marginStart = look.px(12f) })
        line.contentDescription = (listOf(label, text) + badges.map { it.label }).filter(String::isNotEmpty).joinToString(". ")
        tappable(line, key)
        return line
    }

    fun button(key: String, label: String, icon: Icon?, style: ButtonStyle): View {
        val view = TextView(context)
        val (fill, ink, border) = when (style) {
            ButtonStyle.MAIN -> Triple(c.primary, c.onPrimary, null)
            ButtonStyle.SECOND -> Triple(null, c.primary, c.primary)
            ButtonStyle.QUIET -> Triple(null, c.primary, null)
            ButtonStyle.DANGER -> Triple(c.danger, c.onDanger, null)
        }
        view.text = label
        look.text(view, if (style == ButtonStyle.MAIN) m.buttonText else m.text, ink, strong = true)
        view.background = look.shape(fill, border, touch = true)
        view.gravity = Gravity.CENTER
        view.minHeight = look.px(if (style == ButtonStyle.MAIN) m.button else m.target)
        view.setPadding(look.px(18f), look.px(10f), look.px(18f), look.px(10f))
        val line = LinearLayout(context)
        line.gravity = Gravity.CENTER
        line.background = view.background
        view.background = null
        view.setPadding(look.px(8f), look.px(10f), look.px(8f), look.px(10f))
        if (icon != null) line.addView(shown.picture(icon, ink), LinearLayout.LayoutParams(look.px(24f), look.px(24f)))
        line.addView(view, LinearLayout.LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
        line.minimumHeight = view.minHeight
        line.contentDescription = label
        tappable(line, key)
        return line
    }

    private fun hold(block: Block, kind: Kind.Hold): View {
        val hint = screen.shown?.words?.hold.orEmpty()
        val view = HoldButton(context, look, block.label, kind.text, hint, screen.shown?.words?.again.orEmpty())
        view.setIcon(shown.picture(kind.icon, c.danger))
        view.tag = block.key
        view.held = { screen.tap(block.key) }
        return view
    }

    private fun capture(block: Block, kind: Kind.Capture): View {
        val box = column()
        box.addView(text(block.label, TextStyle.HEADING))
        val ways = Wrapping(context, look.px(8f))
        for (way in kind.ways) {
            val cell = column()
            cell.gravity = Gravity.CENTER
            cell.background = look.shape(c.surface, c.line, m.cornerSmall, touch = true)
            cell.minimumHeight = look.px(72f)
            cell.minimumWidth = look.px(72f)
            cell.setPadding(look.px(10f), look.px(8f), look.px(10f), look.px(8f))
            cell.addView(shown.picture(way.icon, c.ink), LinearLayout.LayoutParams(look.px(24f), look.px(24f)))
            val word = TextView(context)
            word.text = way.label
            look.text(word, m.small, c.ink)
            cell.addView(word, LinearLayout.LayoutParams(WRAP_CONTENT, WRAP_CONTENT))
            cell.contentDescription = way.label
            tappable(cell, way.key)
            ways.addView(cell)
        }
        box.addView(ways, spaced(8f))
        return box
    }

    private fun tappable(view: View, key: String) {
        view.tag = key
        view.isClickable = true
        view.isFocusable = true
        view.setOnClickListener { screen.tap(key) }
        view.accessibilityDelegate = AsButton
    }

    private fun heading(view: View) {
        if (android.os.Build.VERSION.SDK_INT >= 28) view.isAccessibilityHeading = true
    }

    private fun column() = LinearLayout(context).apply { orientation = LinearLayout.VERTICAL }

    private fun spaced(top: Float) = LinearLayout.LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { topMargin = look.px(top) }

    /** Screen readers say that it is a button. */
    private object AsButton : View.AccessibilityDelegate() {
        override fun onInitializeAccessibilityNodeInfo(host: View, info: android.view.accessibility.AccessibilityNodeInfo) {
            super.onInitializeAccessibilityNodeInfo(host, info)
            info.className = android.widget.Button::class.java.name
        }
    }

    private companion object {
        const val HELP = "help"

        /** `EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING`, known to keyboards from Android 8 on. */
        const val NO_LEARNING = 0x1000000
    }
}
