//! A sheet that is drawn from top to bottom: texts, panels with axes, legends, the source.

use super::Plot;
use super::axis::{Scale, Ticks};
use super::source::Source;
use super::text::UnitWords;
use crate::problem::{escaped as escaped_signs, shortened};
use crate::words::put_in;

/// Width in units: that of a small phone, so that nothing is made smaller there than it is drawn.
pub(super) const WIDTH: f64 = 360.0;
// In units of the sheet, as every length here.
/// Free space at both sides.
pub(super) const MARGIN: f64 = 8.0;
/// Where panels begin and end: room for numbers of seven digits beside them.
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 14.0;
/// How much wider a letter of text is than the mean of a sans-serif font, so that lines fit with any of them.
const LETTER: f64 = 0.56;
/// How much wider bold letters are.
const BOLD: f64 = 1.18;
// Names come from files of anybody.
/// Letters of a name that are shown: one of a kilobyte would push all else away.
const MOST_LETTERS: usize = 120;
/// Lines of a text that are shown.
const MOST_LINES: usize = 6;

/// A colour, as SVG has it.
type Colour = &'static str;

/// A colour and a stroke. No two of a picture differ by colour alone: in grey, their strokes or fills tell them apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pen {
    pub(super) fill: Colour,
    pub(super) stroke: Colour,
    pub(super) width: f64,
    pub(super) dash: &'static str,
    /// What stands for it in a legend, and where a single value lies.
    pub(super) mark: Mark,
}

impl Pen {
    const fn line(stroke: Colour, width: f64, dash: &'static str) -> Self {
        Self { fill: "none", stroke, width, dash, mark: Mark::Line }
    }

    const fn area(fill: Colour, stroke: Colour, width: f64) -> Self {
        Self { fill, stroke, width, dash: "", mark: Mark::Square }
    }

    const fn with(self, mark: Mark) -> Self {
        Self { mark, ..self }
    }

    const fn dashed(self, dash: &'static str) -> Self {
        Self { dash, ..self }
    }
}

// Blue and orange of Okabe and Ito (2008), which no common colour blindness mixes; dark and light, for grey.
pub(super) const DARK: Pen = Pen::area("#0b4f8a", "#0b4f8a", 0.5);
pub(super) const LIGHT: Pen = Pen::area("#f3c46b", "#5f4300", 0.8);
pub(super) const EMPTY: Pen = Pen::area("#ffffff", "#333333", 1.0).dashed("2 2");
pub(super) const BAND: Pen = Pen::area("#cfdfee", "none", 0.0);
pub(super) const ALARM: Pen = Pen::area("#d55e00", "#111111", 0.8).with(Mark::Diamond);
pub(super) const PLAIN: Pen = Pen::area("#ffffff", "#0b4f8a", 1.4).with(Mark::Circle);
pub(super) const SOLID: Pen = Pen::line("#0b4f8a", 1.8, "");
pub(super) const MIDDLE: Pen = Pen::line("#111111", 1.0, "");
pub(super) const DASHED: Pen = Pen::line("#b84a00", 1.6, "6 3");
pub(super) const DOTTED: Pen = Pen::line("#111111", 1.3, "1.5 2.5");
pub(super) const CHAINED: Pen = Pen::line("#7b1fa2", 1.5, "8 3 2 3");
const GRID: Pen = Pen::line("#dddddd", 0.6, "");
const AXIS: Pen = Pen::line("#333333", 0.9, "");

/// Where a panel draws.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Where values of two axes lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Chart {
    pub(super) level: Scale,
    pub(super) upright: Scale,
}

impl Chart {
    pub(super) fn spot(&self, level: f64, upright: f64) -> Spot {
        let x = self.level.spot(level);
        let y = self.upright.spot(upright);
        Spot { x, y }
    }
}

/// A point of a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// How a single value looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Square,
    Circle,
    Diamond,
    Line,
}

/// How large letters are, and how they stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    pub(super) size: f64,
    is_bold: bool,
    colour: Colour,
    anchor: &'static str,
}

const TITLE: Font = Font { size: 14.0, is_bold: true, colour: "#111111", anchor: "start" };
const HEADING: Font = Font { size: 12.0, is_bold: true, colour: "#111111", anchor: "start" };
pub(super) const TEXT: Font =
    Font { size: 11.0, is_bold: false, colour: "#222222", anchor: "start" };
pub(super) const LABEL: Font =
    Font { size: 11.0, is_bold: false, colour: "#222222", anchor: "middle" };
const RIGHT_LABEL: Font = Font { anchor: "end", ..LABEL };

/// A sheet that grows downwards.
pub(super) struct Sheet {
    title: String,
    description: String,
    body: String,
    /// Where the next thing begins.
    y: f64,
}

impl Sheet {
    /// A sheet with its title, and below it what is shown.
    pub(super) fn new(title: &str, about: &str) -> Self {
        let title = shown(title);
        let mut sheet = Self {
            title: title.clone(),
            description: String::new(),
            body: String::new(),
            y: MARGIN,
        };
        sheet.lines(&title, TITLE, MARGIN);
        sheet.say(about);
        sheet
    }

    /// A paragraph, which those hear as well who do not see the picture.
    pub(super) fn say(&mut self, text: &str) {
        self.describe(text);
        self.lines(text, TEXT, MARGIN);
        self.y += 3.0;
    }

    /// What only the description says.
    pub(super) fn describe(&mut self, text: &str) {
        // It is read out in one go.
        if !self.description.is_empty() {
            self.description.push(' ');
        }
        self.description.push_str(text);
    }

    /// The name of the next panel.
    pub(super) fn heading(&mut self, text: &str) {
        self.y += 8.0;
        self.describe(&format!("{}:", shown(text)));
        self.lines(&shown(text), HEADING, MARGIN);
    }

    /// A line of the legend: a mark, and what it means.
    pub(super) fn key(&mut self, pen: Pen, text: &str) {
        // Beside the first line, also where there are several.
        let middle = Spot { x: MARGIN + 10.0, y: self.y + 8.0 };
        self.mark(pen, middle, 4.5);
        self.describe(&format!("{text}."));
        self.lines(text, TEXT, MARGIN + 26.0);
        self.y += 2.0;
    }

    /// Room for a panel.
    pub(super) fn frame(&mut self, height: f64) -> Frame {
        // The unit of the upright axis stands above it.
        let top = self.y + 18.0;
        self.y = top + height;
        Frame { left: LEFT, right: RIGHT, top, bottom: top + height }
    }

    /// The upright axis of a panel, with its lines; gives where its values lie.
    pub(super) fn upright(&mut self, frame: Frame, ticks: &Ticks, unit: &str) -> Scale {
        let scale = Scale::new(ticks, frame.bottom, frame.top);
        for value in &ticks.values {
            let y = scale.spot(*value);
            self.across(frame.left, frame.right, y, GRID);
            self.text(Spot { x: frame.left - 5.0, y: y + 4.0 }, RIGHT_LABEL, &ticks.label(*value));
        }
        self.down(frame.left, frame.bottom, frame.top, AXIS);
        self.text(Spot { x: MARGIN, y: frame.top - 8.0 }, TEXT, unit);
        scale
    }

    /// The level axis below a panel, with its name.
    pub(super) fn level(&mut self, frame: Frame, marks: &[LevelMark], name: &str) {
        self.across(frame.left, frame.right, frame.bottom, AXIS);
        for mark in marks {
            self.down(mark.x, frame.bottom, frame.bottom + 4.0, AXIS);
            // The last number stands a little inside, where it would be cut.
            let half = 0.5 * width_of(&mark.label, LABEL.size);
            let x = mark.x.min(WIDTH - 2.0 - half);
            self.text(Spot { x, y: frame.bottom + 15.0 }, LABEL, &mark.label);
        }
        self.y = frame.bottom + 19.0;
        // In the middle of the panel; the numbers at its ends need their room.
        let middle = f64::midpoint(frame.left, frame.right);
        for line in wrapped(name, WIDTH - 2.0 * MARGIN, LABEL.size) {
            self.text(Spot { x: middle, y: self.y + 10.0 }, LABEL, &line);
            self.y += 14.0;
        }
        self.y += 2.0;
    }

    /// Leaves so much free.
    pub(super) fn skip(&mut self, height: f64) {
        self.y += height;
    }

    /// A level line.
    pub(super) fn across(&mut self, from: f64, to: f64, y: f64, pen: Pen) {
        let line = Element::new("line", pen)
            .length("x1", from)
            .length("y1", y)
            .length("x2", to)
            .length("y2", y);
        self.add(&line);
    }

    /// An upright line.
    pub(super) fn down(&mut self, x: f64, from: f64, to: f64, pen: Pen) {
        let line = Element::new("line", pen)
            .length("x1", x)
            .length("y1", from)
            .length("x2", x)
            .length("y2", to);
        self.add(&line);
    }

    fn add(&mut self, element: &Element) {
        self.body.push_str(&element.text);
        self.body.push_str("/>\n");
    }

    /// An element with something in it.
    fn add_with(&mut self, element: &Element, inner: &str) {
        self.body.push_str(&element.text);
        self.body.push('>');
        self.body.push_str(inner);
        self.body.push_str(&format!("</{}>\n", element.name));
    }

    /// A line through points; of fewer than two there is none.
    pub(super) fn path(&mut self, spots: &[Spot], pen: Pen) {
        // A single point would be drawn as nothing, and take its room.
        if spots.len() > 1 {
            let line = Element::new("polyline", pen);
            self.add(&line.put("points", &points(spots)));
        }
    }

    /// An area between points.
    pub(super) fn area(&mut self, spots: &[Spot], pen: Pen) {
        let area = Element::new("polygon", pen);
        self.add(&area.put("points", &points(spots)));
    }

    /// A rectangle between two corners; who points at it is told what it is.
    pub(super) fn bar(&mut self, corner: Spot, other_corner: Spot, pen: Pen, told: &str) {
        // Corners may come in any order, and a rectangle has no negative width.
        let bar = Element::new("rect", pen)
            .length("x", corner.x.min(other_corner.x))
            .length("y", corner.y.min(other_corner.y))
            .length("width", (corner.x - other_corner.x).abs())
            .length("height", (corner.y - other_corner.y).abs());
        self.add_with(&bar, &titled(told));
    }

    /// A mark that tells what it is.
    pub(super) fn dot(&mut self, pen: Pen, spot: Spot, told: &str) {
        self.body.push_str(&format!("<g>{}", titled(told)));
        self.mark(pen, spot, 4.0);
        self.body.push_str("</g>\n");
    }

    fn mark(&mut self, pen: Pen, spot: Spot, radius: f64) {
        let Spot { x, y } = spot;
        let (left, right) = (x - radius, x + radius);
        match pen.mark {
            Mark::Line => self.across(x - 10.0, x + 10.0, y, pen),
            Mark::Square => {
                let corner = Spot { x: left, y: y - radius };
                let other_corner = Spot { x: right, y: y + radius };
                self.bar(corner, other_corner, pen, "");
            }
            Mark::Diamond => {
                let reach = radius * 1.4;
                let top = Spot { x, y: y - reach };
                let bottom = Spot { x, y: y + reach };
                let west = Spot { x: x - reach, y };
                let east = Spot { x: x + reach, y };
                self.area(&[top, east, bottom, west], pen);
            }
            Mark::Circle => {
                let circle =
                    Element::new("circle", pen).length("cx", x).length("cy", y).length("r", radius);
                self.add(&circle);
            }
        }
    }

    /// One line of text, which is cut where the sheet ends.
    pub(super) fn text(&mut self, spot: Spot, font: Font, text: &str) {
        let mut element = Element::named("text")
            .length("x", spot.x)
            .length("y", spot.y)
            .length("font-size", font.size)
            .put("fill", font.colour);
        // Texts begin where they are put unless something else is said; a page has hundreds of them.
        if font.anchor != "start" {
            element = element.put("text-anchor", font.anchor);
        }
        if font.is_bold {
            element = element.put("font-weight", "bold");
        }
        self.add_with(&element, &escaped(text));
    }

    /// One line of text that begins here.
    pub(super) fn label(&mut self, spot: Spot, text: &str) {
        self.text(spot, TEXT, text);
    }

    /// Lines of text from here on.
    fn lines(&mut self, text: &str, font: Font, x: f64) {
        let width = WIDTH - MARGIN - x;
        let size = if font.is_bold { font.size * BOLD } else { font.size };
        let mut lines = wrapped(text, width, size);
        // A text of a kilobyte would make a picture of words.
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            if let Some(last) = lines.last_mut() {
                last.push('…');
            }
        }
        let height = font.size * 1.25;
        for line in lines {
            self.y += height;
            self.text(Spot { x, y: self.y - 0.25 * font.size }, font, &line);
        }
    }

    /// The picture, with its source below.
    pub(super) fn finish(mut self, source: &Source) -> Plot {
        self.y += 4.0;
        self.say(&source.text());
        let height = unit((self.y + MARGIN).ceil());
        // Twice as large where there is room: the letters are made for a phone.
        let (wide, high) = (unit(1.5 * WIDTH), unit((1.5 * (self.y + MARGIN)).ceil()));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {height}\" width=\"{wide}\" height=\"{high}\" role=\"img\" font-family=\"system-ui, 'Segoe UI', 'Liberation Sans', Arial, sans-serif\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            unit(WIDTH),
            escaped(&self.title),
            escaped(&self.description),
            self.body
        );
        Plot { svg, title: self.title }
    }
}

/// A mark on a level axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LevelMark {
    pub(super) x: f64,
    pub(super) label: String,
}

/// Marks of a level axis at round numbers.
pub(super) fn level_marks(ticks: &Ticks, scale: &Scale) -> Vec<LevelMark> {
    let mut marks = Vec::with_capacity(ticks.values.len());
    for value in &ticks.values {
        marks.push(LevelMark { x: scale.spot(*value), label: ticks.label(*value) });
    }
    marks
}

/// People on an axis: large numbers in millions, so that they fit beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PeopleUnit {
    pub(super) divisor: f64,
    pub(super) name: &'static str,
}

impl PeopleUnit {
    /// The unit in which so many people are told.
    pub(super) fn of(most: u64) -> Self {
        match most {
            0..10_000 => Self { divisor: 1.0, name: UnitWords::here().people },
            10_000..1_000_000 => Self { divisor: 1e3, name: UnitWords::here().thousand_people },
            _ => Self { divisor: 1e6, name: UnitWords::here().million_people },
        }
    }

    /// So many people in it.
    pub(super) fn in_unit(self, people: u64) -> f64 {
        people as f64 / self.divisor
    }
}

/// A template with names put in, of which each is cut to what is shown.
pub(super) fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut fitting = Vec::with_capacity(values.len());
    for (name, value) in values {
        fitting.push((*name, shown(value)));
    }
    put_in(template, &fitting)
}

/// A text in one line that fits, with unseen letters written out: marks of direction would turn what stands around it.
pub(super) fn shown(text: &str) -> String {
    shortened(text, MOST_LETTERS)
}

/// A text as it may stand in XML, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    // No document of XML may hold these two.
    escaped_signs(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// What a pointer is told.
fn titled(told: &str) -> String {
    if told.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(told)) }
}

/// An element that is being written.
struct Element {
    name: &'static str,
    text: String,
}

impl Element {
    fn named(name: &'static str) -> Self {
        Self { name, text: format!("<{name}") }
    }

    /// One that a pen draws; by attributes, as pages forbid styles.
    fn new(name: &'static str, pen: Pen) -> Self {
        let mut element = Self::named(name).put("fill", pen.fill);
        if pen.width > 0.0 {
            element = element.put("stroke", pen.stroke).length("stroke-width", pen.width);
        }
        if !pen.dash.is_empty() {
            element = element.put("stroke-dasharray", pen.dash);
        }
        element
    }

    /// The same with an attribute, whose value needs no escape.
    fn put(mut self, name: &str, value: &str) -> Self {
        self.text.push_str(&format!(" {name}=\"{value}\""));
        self
    }

    fn length(self, name: &str, value: f64) -> Self {
        self.put(name, &unit(value))
    }
}

/// A length with a hundredth of a unit: finer than anybody sees.
fn unit(length: f64) -> String {
    let rounded = (length * 100.0).round() / 100.0 + 0.0; // + 0.0: no negative zero
    if rounded.is_finite() { rounded.to_string() } else { "0".to_owned() }
}

fn points(spots: &[Spot]) -> String {
    let mut out = String::with_capacity(spots.len() * 12);
    for spot in spots {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&format!("{},{}", unit(spot.x), unit(spot.y)));
    }
    out
}

/// How wide a text gets at most, about.
fn width_of(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * size * LETTER
}

/// A text in lines that fit; a word that is longer than a line is cut in pieces.
pub(super) fn wrapped(text: &str, width: f64, size: f64) -> Vec<String> {
    // No font is at hand to measure with, and each screen has another one.
    let most = ((width / (size * LETTER)) as usize).max(4);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(most) {
            if count > 0 && count + 1 + piece.len() > most {
                lines.push(std::mem::take(&mut line));
                count = 0;
            }
            if count > 0 {
                line.push(' ');
                count += 1;
            }
            line.extend(piece);
            count += piece.len();
        }
    }
    if count > 0 {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_wrapped_cut_and_escaped() {
        assert_eq!(wrapped("one two three", 40.0, 10.0), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghijkl", 40.0, 10.0), ["abcdefg", "hijkl"]);
        assert!(wrapped("  ", 40.0, 10.0).is_empty());
        assert_eq!(escaped("</title>\"'&\u{ffff}"), "&lt;/title&gt;&quot;&#39;&amp;\u{fffd}");
        assert_eq!(escaped("a\u{202e}b\u{0}"), "a\\u{202e}b\\u{0}");
        assert_eq!(shown(&"ü".repeat(5_000)).chars().count(), 120);
        // What is put in is not looked at again.
        assert_eq!(filled("{a} of {b}", &[("a", "{b}"), ("b", "2")]), "{b} of 2");
    }

    #[test]
    fn lengths_are_plain_numbers() {
        assert_eq!([unit(1.0), unit(1.005), unit(-0.001), unit(f64::NAN)], ["1", "1", "0", "0"]);
        assert_eq!([unit(2.345), unit(f64::INFINITY)], ["2.35", "0"]);
    }

    #[test]
    fn large_numbers_of_people_fit_beside_an_axis() {
        for (most, name) in
            [(9_999, "people"), (10_000, "thousand people"), (1_000_000, "million people")]
        {
            let unit = PeopleUnit::of(most);
            assert_eq!(unit.name, name);
            assert!(unit.in_unit(most) < 10_000.0);
        }
    }
}
