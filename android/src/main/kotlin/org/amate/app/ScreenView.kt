// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.os.Handler
import android.os.Looper
import android.view.Gravity
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup.LayoutParams.MATCH_PARENT
import android.view.ViewGroup.LayoutParams.WRAP_CONTENT
import android.widget.ImageButton
import android.widget.LinearLayout
import android.widget.ScrollView
import android.widget.TextView
import uniffi.amate_screen.Action
import uniffi.amate_screen.Block
import uniffi.amate_screen.Button
import uniffi.amate_screen.Icon
import uniffi.amate_screen.Kind
import uniffi.amate_screen.Screen
import uniffi.amate_screen.Words

/** One screen: head, blocks that scroll, the next step at the bottom. Changes what changed. */
class ScreenView(context: Context, private val act: (List<Action>) -> Unit) : LinearLayout(context) {
    val look = Look(context)
    var shown: Screen? = null
        private set
    private val head = LinearLayout(context)
    private val scroll = ScrollView(context)
    private val blocks = Stack(context, look.px(look.measures.gap), look.px(TILE))
    private val foot = LinearLayout(context)
    private var drawn = LinkedHashMap<String, Pair<Block, View>>()
    private val changes = LinkedHashMap<String, Action>()
    private val rest = Handler(Looper.getMainLooper())
    private val draw = Blocks(context, look, this)
    private val speaker = Speaker(context) { (waiting ?: shown)?.let(::show) }
    private var headDrawn: List<Any> = emptyList()
    private var finger = false
    private var waiting: Screen? = null
    private val late = Runnable { lifted() }

    /** Whether what is shown, or is to be shown, may change by itself. */
    val live: Boolean get() = (waiting ?: shown)?.live == true

    init {
        orientation = VERTICAL
        fitsSystemWindows = true
        setBackgroundColor(look.colour(look.colours.paper))
        head.gravity = Gravity.CENTER_VERTICAL
        foot.orientation = VERTICAL
        val margin = look.px(look.measures.margin)
        blocks.setPadding(margin, look.px(8f), margin, look.px(20f))
        foot.setPadding(margin, look.px(12f), margin, look.px(12f))
        scroll.addView(blocks)
        scroll.isFillViewport = true
        addView(head, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
        addView(scroll, LayoutParams(MATCH_PARENT, 0, 1f))
        addView(foot, LayoutParams(MATCH_PARENT, WRAP_CONTENT))
    }

    /**
     * Puts it in place of the one before; a field that a person is in stays as it is. What a finger
     * is on does not go away under it: the same screen waits until it is lifted, or has lain there
     * for long.
     */
    fun show(screen: Screen) {
        val before = shown.takeIf { it?.name == screen.name }
        waiting = screen.takeIf { finger && before != null }
        if (waiting != null) return
        val another = before == null
        shown = screen
        if (another) {
            changes.clear()
            if (speaker.speaking) speaker.quiet()
            drawn.clear()
            blocks.removeAllViews()
            scroll.scrollTo(0, 0)
        }
        val head = head(screen)
        if (head != headDrawn) header(screen)
        headDrawn = head
        patch(screen.blocks)
        if (before?.actions != screen.actions) footer(screen.actions)
    }

    override fun dispatchTouchEvent(event: MotionEvent): Boolean {
        val taken = super.dispatchTouchEvent(event)
        when (event.actionMasked) {
            // What nothing takes is not told the end of the touch.
            MotionEvent.ACTION_DOWN -> {
                finger = taken
                removeCallbacks(late)
                postDelayed(late, LONG)
            }
            MotionEvent.ACTION_UP, MotionEvent.ACTION_CANCEL -> lifted()
        }
        return taken
    }

    /** Behind the click, which is posted as well. */
    private fun lifted() {
        finger = false
        removeCallbacks(late)
        post { waiting?.let(::show) }
    }

    /** What was entered and not yet sent. */
    fun touched(): List<Action> {
        rest.removeCallbacksAndMessages(null)
        return changes.values.toList().also { changes.clear() }
    }

    fun tap(key: String) = act(touched() + Action.Tap(key))

    /** Saved on leaving the field or after a second of rest; a code only with its button. */
    fun entered(change: Action, key: String) {
        changes[key] = change
        rest.removeCallbacksAndMessages(null)
        if (change is Action.Change) rest.postDelayed(::save, REST)
    }

    fun save() {
        val plain = changes.filterValues { it is Action.Change }
        plain.keys.forEach(changes::remove)
        if (plain.isNotEmpty()) act(plain.values.toList())
    }

    /** What the head is drawn from. */
    private fun head(screen: Screen): List<Any> = listOf(
        screen.back, screen.title, screen.hide, screen.spoken.isEmpty(), screen.words, speaker.ready, speaker.speaking,
    )

    private fun header(screen: Screen) {
        head.removeAllViews()
        head.setPadding(if (screen.back) look.px(4f) else look.px(look.measures.margin), look.px(6f), look.px(4f), look.px(4f))
        if (screen.back) head.addView(round(Icon.BACK, screen.words.back) { act(touched() + Action.Back) })
        val title = TextView(context)
        title.text = screen.title
        title.maxLines = 2
        look.text(title, look.measures.title, look.colours.ink, strong = true)
        if (android.os.Build.VERSION.SDK_INT >= 28) title.isAccessibilityHeading = true
        title.minHeight = look.px(look.measures.target)
        title.gravity = Gravity.CENTER_VERTICAL
        head.addView(title, LayoutParams(0, WRAP_CONTENT, 1f))
        if (speaker.ready && screen.spoken.isNotEmpty()) head.addView(listen(screen.words))
        if (screen.hide) head.addView(round(Icon.HIDE, screen.words.hide) { act(listOf(Action.Hide)) })
    }

    private fun listen(words: Words): View {
        val label = if (speaker.speaking) words.quiet else words.listen
        return round(Icon.LISTEN, label) { shown?.let { speaker.turn(it.spoken, it.language) } }
    }

    /** Nothing is read on after the screen is gone. */
    override fun onDetachedFromWindow() {
        speaker.end()
        super.onDetachedFromWindow()
    }

    private fun round(icon: Icon, label: String, tap: () -> Unit): View {
        val button = ImageButton(context)
        val size = look.px(look.measures.target)
        button.setImageDrawable(look.icon(icon, look.colours.ink))
        button.background = look.shape(null, corner = look.measures.target / 2u, touch = true)
        button.contentDescription = label
        button.layoutParams = LayoutParams(size, size)
        button.setOnClickListener { tap() }
        return button
    }

    private fun patch(next: List<Block>) {
        val kept = LinkedHashMap<String, Pair<Block, View>>()
        next.forEachIndexed { at, block ->
            val old = drawn[block.key]
            val same = old != null && (old.first == block || old.second.hasFocus() && draw.renew(old.second, block))
            val view = if (same) old!!.second else draw.draw(block)
            view.setTag(Stack.PAIRED, block.kind is Kind.Tile)
            kept[block.key] = block to view
            if (blocks.getChildAt(at) !== view) {
                blocks.removeView(view)
                blocks.addView(view, at)
            }
        }
        while (blocks.childCount > next.size) blocks.removeViewAt(next.size)
        drawn = kept
    }

    private fun footer(actions: List<Button>) {
        foot.removeAllViews()
        foot.visibility = if (actions.isEmpty()) View.GONE else View.VISIBLE
        for (action in actions) {
            val button = draw.button(action.key, action.label, action.icon, action.style)
            foot.addView(button, LayoutParams(MATCH_PARENT, WRAP_CONTENT).apply { topMargin = look.px(4f) })
        }
    }

    private companion object {
        const val REST = 1_000L

        /** No touch that does something is longer. */
        const val LONG = 3_000L

        /** Narrower than this a tile has a line of its own. */
        const val TILE = 136f
    }
}
