//! Census grids: cells of a square kilometre, or of a hectare, with their people.

use serde::Serialize;

use super::faults::{ImportRemark, RemarkKind, fault_at};
use super::people::Municipality;
use super::projection::of_grid;
use super::sheet::{Header, Sheet, rows_behind};
use crate::model::{Position, ProblemKind, Problems};
use crate::travel::Stop;

/// A cell of a census grid with its people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridCell {
    /// Its key, as the grid writes it, or made of its corner.
    pub key: String,
    /// Its centre.
    pub position: Position,
    /// People.
    pub people: u32,
    /// Key of its district, where the grid says it.
    pub district: Option<String>,
}

/// A census grid.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grid {
    /// The file, as it was named.
    pub file: String,
    /// The cells in which somebody lives.
    pub cells: Vec<GridCell>,
    /// Length of a side of a cell in metres.
    pub side: u32,
}

/// Columns by which the layout of the census of 2022 is known, for cells of a kilometre and of 100 metres.
const NEW: [[&str; 4]; 2] = [
    ["gitterid1km", "xmp1km", "ymp1km", "einwohner"],
    ["gitterid100m", "xmp100m", "ymp100m", "einwohner"],
];
/// Columns of the layout of 2011, in kilometres of the lower left corner.
const OLD: [&str; 3] = ["xkm", "ykm", "pop"];

/// Whether the sheet is a census grid.
pub(super) fn is_grid(sheet: &Sheet) -> bool {
    layout(sheet).is_some()
}

#[derive(Clone, Copy, PartialEq)]
enum Layout {
    /// Midpoints in metres, with the length of a side.
    Midpoints(usize),
    /// Corners in kilometres.
    Corners,
}

fn layout(sheet: &Sheet) -> Option<Layout> {
    let has = |wanted: &[&str]| {
        let header = Header::find(sheet, wanted);
        header.is_some_and(|header| wanted.iter().all(|name| header.column(&[name]).is_some()))
    };
    if let Some(at) = NEW.iter().position(|wanted| has(wanted)) {
        return Some(Layout::Midpoints(at));
    }
    has(&OLD).then_some(Layout::Corners)
}

/// Reads a census grid of either layout. Cells whose people are hidden (`–`, empty) are left out, and told.
pub(super) fn read_grid(sheet: &Sheet, remarks: &mut Vec<ImportRemark>) -> Result<Grid, Problems> {
    let mut problems = Problems::default();
    let Some(layout) = layout(sheet) else { return Err(problems) };
    let (wanted, side): (&[&str], u32) = match layout {
        Layout::Midpoints(0) => (&NEW[0], 1000),
        Layout::Midpoints(_) => (&NEW[1], 100),
        Layout::Corners => (&OLD, 1000),
    };
    let Some(header) = Header::find(sheet, wanted) else { return Err(problems) };
    let column = |name: &str| header.column(&[name]).unwrap_or(usize::MAX);
    let (x, y, people) = match layout {
        Layout::Corners => (column("xkm"), column("ykm"), column("pop")),
        Layout::Midpoints(_) => (column(wanted[1]), column(wanted[2]), column(wanted[3])),
    };
    let (id, district) = (column(wanted[0]), column("kreis"));
    let (mut cells, mut hidden) = (Vec::new(), 0);
    for row in rows_behind(sheet, &header) {
        let number = |at: usize| row.text(at).replace(',', ".").parse::<f64>().ok();
        let text = row.text(people);
        if text.is_empty() || text == "–" || text == "-" {
            hidden += 1;
            continue;
        }
        let metres = number(x).zip(number(y)).map(|(x, y)| match layout {
            Layout::Midpoints(_) => (x, y),
            Layout::Corners => (x * 1000.0 + 500.0, y * 1000.0 + 500.0),
        });
        let position = metres.and_then(|(x, y)| of_grid(x, y));
        let count = text.parse::<u32>().ok().filter(|people| *people <= 1_000_000);
        let (Some(position), Some(count), Some((x, y))) = (position, count, metres) else {
            let message = format!(
                "\"{}\", \"{}\" with \"{text}\" people is no cell of the grid of Europe (EPSG:3035)",
                row.text(x),
                row.text(y)
            );
            problems.push(fault_at(&sheet.file, row.number, ProblemKind::Range, message));
            continue;
        };
        if count == 0 {
            continue;
        }
        let key = match layout {
            Layout::Midpoints(_) => row.text(id).to_owned(),
            Layout::Corners => format!("1kmN{}E{}", (y / 1000.0) as u32, (x / 1000.0) as u32),
        };
        let district = Some(row.text(district)).filter(|text| text.len() == 5).map(str::to_owned);
        cells.push(GridCell { key, position, people: count, district });
    }
    if hidden > 0 {
        let message = format!(
            "{hidden} cells of the grid have no number of people (hidden): they count as empty"
        );
        let remark = ImportRemark::new(RemarkKind::LeftOut, "grid", message);
        remarks.push(ImportRemark { file: Some(sheet.file.clone()), ..remark });
    }
    if problems.is_empty() {
        Ok(Grid { file: sheet.file.clone(), cells, side })
    } else {
        Err(problems)
    }
}

/// Municipalities by place, to find that of a cell.
pub(super) struct Nearest<'m> {
    stops: Vec<(Stop<'m>, f64, &'m Municipality)>,
}

impl<'m> Nearest<'m> {
    pub(super) fn new(municipalities: &'m [Municipality]) -> Self {
        let stop = |own: &'m Municipality| {
            let radius = (own.area_km2.unwrap_or(10.0) / std::f64::consts::PI).sqrt() * 1000.0;
            (Stop::new(&own.key, own.position), radius, own)
        };
        Self { stops: municipalities.iter().map(stop).collect() }
    }

    /// The municipality whose centre is nearest, measured in radii of a circle of its area: a large one reaches
    /// further.
    pub(super) fn of(&self, position: Position) -> Option<&'m Municipality> {
        let there = Stop::new("", position);
        let nearest = self
            .stops
            .iter()
            .map(|(stop, radius, own)| (stop.distance_to(&there) / radius, own))
            .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.key.cmp(&b.1.key)));
        nearest.map(|(_, own)| *own)
    }
}
