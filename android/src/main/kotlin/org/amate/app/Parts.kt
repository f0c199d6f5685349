// SPDX-License-Identifier: MPL-2.0
package org.amate.app

import android.content.Context
import android.graphics.Canvas
import android.graphics.Paint
import android.os.Handler
import android.os.Looper
import android.view.Gravity
import android.view.HapticFeedbackConstants
import android.view.MotionEvent
import android.view.View
import android.view.ViewGroup
import android.view.accessibility.AccessibilityManager
import android.widget.LinearLayout
import android.widget.TextView

/** Chips one after another, on as many lines as they need. */
class Wrapping(context: Context, private val gap: Int) : ViewGroup(context) {
    override fun onMeasure(width: Int, height: Int) {
        val room = MeasureSpec.getSize(width)
        measureChildren(MeasureSpec.makeMeasureSpec(room, MeasureSpec.AT_MOST), MeasureSpec.UNSPECIFIED)
        setMeasuredDimension(room, place(room) { _, _, _ -> })
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        place(right - left) { child, x, y -> child.layout(x, y, x + child.measuredWidth, y + child.measuredHeight) }
    }

    /** Gives where each goes, and how high all are. */
    private fun place(room: Int, put: (View, Int, Int) -> Unit): Int {
        val rightToLeft = layoutDirection == LAYOUT_DIRECTION_RTL
        var x = 0
        var y = 0
        var line = 0
        for (at in 0 until childCount) {
            val child = getChildAt(at)
            if (x > 0 && x + child.measuredWidth > room) {
                x = 0
                y += line + gap
                line = 0
            }
            put(child, if (rightToLeft) room - x - child.measuredWidth else x, y)
            x += child.measuredWidth + gap
            line = maxOf(line, child.measuredHeight)
        }
        return y + line
    }
}

/** Blocks under one another; tiles that follow one another stand side by side where there is room. */
class Stack(context: Context, private val gap: Int, private val least: Int) : ViewGroup(context) {
    override fun onMeasure(width: Int, height: Int) {
        val room = MeasureSpec.getSize(width) - paddingLeft - paddingRight
        val needed = place(room) { _, _, _, _, _ -> }
        setMeasuredDimension(MeasureSpec.getSize(width), resolveSize(needed, height))
    }

    override fun onLayout(changed: Boolean, left: Int, top: Int, right: Int, bottom: Int) {
        place(right - left - paddingLeft - paddingRight) { child, x, y, w, h -> child.layout(x, y, x + w, y + h) }
    }

    private fun place(room: Int, put: (View, Int, Int, Int, Int) -> Unit): Int {
        val half = (room - gap) / 2
        val rightToLeft = layoutDirection == LAYOUT_DIRECTION_RTL
        var y = paddingTop
        var at = 0
        while (at < childCount) {
            val first = getChildAt(at)
            val second = getChildAt(at + 1)?.takeIf { paired(first) && paired(it) && half >= least * fontScale() }
            val wide = if (second == null) room else half
            val high = maxOf(measured(first, wide), second?.let { measured(it, wide) } ?: 0)
            val (left, right) = if (rightToLeft) half + gap to 0 else 0 to half + gap
            put(first, paddingLeft + if (second == null) 0 else left, y, wide, high)
            if (second != null) put(second, paddingLeft + right, y, wide, high)
            y += high + gap
            at += if (second == null) 1 else 2
        }
        return y - (if (childCount > 0) gap else 0) + paddingBottom
    }

    private fun measured(view: View, width: Int): Int {
        view.measure(MeasureSpec.makeMeasureSpec(width, MeasureSpec.EXACTLY), MeasureSpec.makeMeasureSpec(0, MeasureSpec.UNSPECIFIED))
        return view.measuredHeight
    }

    private fun paired(view: View) = view.getTag(PAIRED) == true

    private fun fontScale() = context.resources.configuration.fontScale.coerceAtLeast(1f)

    companion object {
        /** Whether a view stands beside another of its kind. */
        val PAIRED = R.id.paired
    }
}

/** Held for as long as the core says; fills meanwhile. A screen reader is asked twice instead. */
class HoldButton(
    context: Context,
    private val look: Look,
    label: String,
    text: String,
    private val hint: String,
    private val again: String,
) : LinearLayout(context) {
    var held: () -> Unit = {}
    private val timer = Handler(Looper.getMainLooper())
    private val fill = Paint().apply { color = look.colour(look.colours.danger); alpha = 70 }
    private val words = TextView(context)
    private var since = 0L
    private var asked = false
    private val line = "$label\n$text"

    init {
        gravity = Gravity.CENTER_VERTICAL
        background = look.shape(look.colours.dangerSoft)
        setPadding(look.px(16f), look.px(12f), look.px(16f), look.px(12f))
        minimumHeight = look.px(look.measures.button)
        words.text = line
        look.text(words, look.measures.text, look.colours.danger, strong = true)
        addView(words, LayoutParams(0, LayoutParams.WRAP_CONTENT, 1f).apply { marginStart = look.px(12f) })
        contentDescription = "$label. $text. $hint"
        isClickable = true
        isFocusable = true
        setWillNotDraw(false)
    }

    fun setIcon(icon: View) = addView(icon, 0, LayoutParams(look.px(24f), look.px(24f)))

    override fun onTouchEvent(event: MotionEvent): Boolean {
        when (event.actionMasked) {
            MotionEvent.ACTION_DOWN -> {
                since = event.eventTime
                timer.postDelayed(::done, look.measures.hold.toLong())
                tick()
            }
            MotionEvent.ACTION_UP, MotionEvent.ACTION_CANCEL -> drop()
        }
        return true
    }

    /** From a keyboard or a screen reader: the first asks, the second does. */
    override fun performClick(): Boolean {
        if (asked) held() else ask()
        return true
    }

    private fun ask() {
        asked = true
        words.text = again
        contentDescription = again
        val reader = context.getSystemService(Context.ACCESSIBILITY_SERVICE) as AccessibilityManager
        @Suppress("DEPRECATION")
        if (reader.isEnabled) announceForAccessibility(again)
    }

    private fun done() {
        drop()
        performHapticFeedback(HapticFeedbackConstants.LONG_PRESS)
        held()
    }

    private fun drop() {
        timer.removeCallbacksAndMessages(null)
        since = 0
        invalidate()
    }

    private fun tick() {
        invalidate()
        if (since != 0L) timer.postDelayed(::tick, FRAME)
    }

    override fun onDraw(canvas: Canvas) {
        super.onDraw(canvas)
        if (since == 0L) return
        val part = (android.os.SystemClock.uptimeMillis() - since).toFloat() / look.measures.hold.toFloat()
        canvas.drawRect(0f, 0f, width * part.coerceIn(0f, 1f), height.toFloat(), fill)
    }

    private companion object { const val FRAME = 32L }
}
