//! Census grids: cells of a square kilometre, or of a hectare, with their people.

use serde::Serialize;

use super::faults::{ImportRemark, RemarkKind, fault_at, unless_faulty};
use super::people::Municipality;
use super::projection::of_grid;
use super::sheet::{Header, Sheet, SheetRow, has_columns};
use super::text::{decimal, is_gap, non_empty};
use crate::model::Position;
use crate::problem::{ProblemKind, Problems};
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

/// How the cells of a grid are written.
#[derive(Debug, Clone, Copy)]
struct GridLayout {
    /// The columns by which it is known.
    columns: [&'static str; 4],
    /// Length of a side of a cell in metres.
    side: u32,
    /// Whether points are corners in kilometres; else they are midpoints in metres.
    has_corners: bool,
}

const COLUMN_ID: usize = 0;
const COLUMN_X: usize = 1;
const COLUMN_Y: usize = 2;
const COLUMN_PEOPLE: usize = 3;

/// The census of 2022 gives midpoints in metres, for cells of a kilometre and of 100 metres; that of 2011 in
/// another layout the lower left corners in kilometres, without keys (its column of `x` stands in for them).
const LAYOUTS: [GridLayout; 3] = [
    GridLayout {
        columns: ["gitterid1km", "xmp1km", "ymp1km", "einwohner"],
        side: 1000,
        has_corners: false,
    },
    GridLayout {
        columns: ["gitterid100m", "xmp100m", "ymp100m", "einwohner"],
        side: 100,
        has_corners: false,
    },
    GridLayout { columns: ["xkm", "xkm", "ykm", "pop"], side: 1000, has_corners: true },
];

/// Whether the sheet is a census grid.
pub(super) fn is_grid(sheet: &Sheet) -> bool {
    layout_of(sheet).is_some()
}

fn layout_of(sheet: &Sheet) -> Option<GridLayout> {
    LAYOUTS.into_iter().find(|layout| has_columns(sheet, &layout.columns))
}

/// Most people of a cell.
const MOST_PEOPLE: u32 = 1_000_000;

/// Reads a census grid of any layout. Cells whose people are hidden are left out, with a remark of how many.
pub(super) fn read_grid(sheet: &Sheet, remarks: &mut Vec<ImportRemark>) -> Result<Grid, Problems> {
    let mut problems = Problems::default();
    let Some(layout) = layout_of(sheet) else { return Err(problems) };
    let Some(header) = Header::find(sheet, &layout.columns) else { return Err(problems) };
    let columns = layout.columns.map(|name| header.column_or_empty(&[name]));
    let district_column = header.column_or_empty(&["kreis"]);

    let mut cells = Vec::new();
    let mut hidden = 0;
    for row in header.rows {
        if is_gap(row.text(columns[COLUMN_PEOPLE])) {
            // The census hides small numbers, so that nobody can be told from them.
            hidden += 1;
            continue;
        }
        match layout.read_cell(row, columns) {
            Some(cell) if cell.people > 0 => {
                // Only tables of the grid of 2011 have a column of districts.
                let district = row.text(district_column);
                let district = if district.len() == 5 { non_empty(district) } else { None };
                cells.push(GridCell { district, ..cell });
            }
            Some(_) => {}
            None => {
                let message = format!(
                    "\"{}\", \"{}\" with \"{}\" people is no cell of the grid of Europe (EPSG:3035)",
                    row.text(columns[COLUMN_X]),
                    row.text(columns[COLUMN_Y]),
                    row.text(columns[COLUMN_PEOPLE])
                );
                problems.push(fault_at(&sheet.file, row.number, ProblemKind::Range, message));
            }
        }
    }

    if hidden > 0 {
        let message = format!(
            "{hidden} cells of the grid have no number of people (hidden): they count as empty"
        );
        let remark = ImportRemark::new(RemarkKind::LeftOut, "grid", message);
        remarks.push(remark.in_file(&sheet.file));
    }
    unless_faulty(Grid { file: sheet.file.clone(), cells, side: layout.side }, problems)
}

impl GridLayout {
    /// The cell of a row, without its district; `None` where a value is none, or not in Germany.
    fn read_cell(self, row: &SheetRow, columns: [usize; 4]) -> Option<GridCell> {
        let x = decimal(row.text(columns[COLUMN_X]))?;
        let y = decimal(row.text(columns[COLUMN_Y]))?;
        let people: u32 = row.text(columns[COLUMN_PEOPLE]).parse().ok()?;
        if people > MOST_PEOPLE {
            return None;
        }

        let (position, key) = if self.has_corners {
            // The midpoint is half a kilometre away from the corner, both ways.
            let (x, y) = (x * 1000.0 + 500.0, y * 1000.0 + 500.0);
            let key = format!("1kmN{}E{}", (y / 1000.0) as u32, (x / 1000.0) as u32);
            (of_grid(x, y)?, key)
        } else {
            (of_grid(x, y)?, row.text(columns[COLUMN_ID]).to_owned())
        };
        Some(GridCell { key, position, people, district: None })
    }
}

/// Municipalities by their centres, to find that of a cell.
pub(super) struct MunicipalityIndex<'m> {
    centres: Vec<Centre<'m>>,
}

struct Centre<'m> {
    stop: Stop<'m>,
    /// Radius in metres of a circle of the municipality's area.
    radius: f64,
    municipality: &'m Municipality,
}

/// Area in square kilometres that stands in for an unknown one.
const USUAL_AREA_KM2: f64 = 10.0;

impl<'m> MunicipalityIndex<'m> {
    pub(super) fn new(municipalities: &'m [Municipality]) -> Self {
        let mut centres = Vec::with_capacity(municipalities.len());
        for municipality in municipalities {
            let area = municipality.area_km2.unwrap_or(USUAL_AREA_KM2);
            let radius = (area / std::f64::consts::PI).sqrt() * 1000.0;
            let stop = Stop::new(&municipality.key, municipality.position);
            centres.push(Centre { stop, radius, municipality });
        }
        Self { centres }
    }

    /// The municipality whose centre is nearest, measured in radii of a circle of its area: a large one reaches
    /// further. Ties go to the first key.
    pub(super) fn nearest(&self, position: Position) -> Option<&'m Municipality> {
        let cell = Stop::new("", position);
        // Borders are in no file that is read: centre and area come with the people of a municipality.
        let mut nearest: Option<(f64, &Municipality)> = None;
        for Centre { stop, radius, municipality } in &self.centres {
            let radii = stop.distance_to(&cell) / radius;
            let is_nearer = nearest.is_none_or(|(least, first)| {
                radii.total_cmp(&least).then_with(|| municipality.key.cmp(&first.key)).is_lt()
            });
            if is_nearer {
                nearest = Some((radii, municipality));
            }
        }
        nearest.map(|(_, municipality)| municipality)
    }
}
