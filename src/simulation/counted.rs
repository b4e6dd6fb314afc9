//! A census that somebody counted: how full each ward is when a run starts.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::wards::{Ward, wards_of};
use super::{Settings, SimulationError};
use crate::disk::clean;
use crate::files::access::read_text;
use crate::files::table::{Columns, Row, Table, read_rows};
use crate::problem::ProblemKind;
use crate::region::Region;

/// How full wards are when a run starts, as somebody counted it: the place of what is expected in the long run.
///
/// A table of the columns `hospital`, `specialty` (also called `ward`), `occupied` (beds), and where they are known
/// `days_so_far` (how long those of the row have lain on this ward) and `waiting` (patients on the waiting list). A ward may
/// have several rows, down to one a patient. Wards that are not in it start as full as their patients make them.
///
/// # What is left of their stays
///
/// Where `days_so_far` is known, what is left is drawn from the law of the stay under the condition that it is longer
/// than that. Where it is not, from the law of what is left at a random moment (its stationary excess): who lies in a
/// bed at some moment has a longer stay than who is let in, as long stays are met more often.
///
/// Who they are, emergencies or elective, from which specialty or care pathway, follows who is expected in that ward:
/// of those who lie there for `days_so_far`, in proportion to how many of each come times the share whose stay is as long.
///
/// ```
/// use verbund::Region;
/// use verbund::files::Folder;
/// use verbund::random::Seed;
/// use verbund::simulation::{Census, PatientFlow, Settings};
///
/// let model = Folder::small().read()?;
/// let region = Region::new(&model, model.network.date())?;
/// let settings = Settings::default().days(14).warm_up_days(0);
/// let table = "hospital,specialty,occupied,days_so_far\nsouth,obstetrics,3,\nsouth,obstetrics,1,2.5\n";
/// let census = Census::read(table, "monday.csv", &region, &settings)?;
/// assert_eq!(census.occupied(), 4);
/// let flow = PatientFlow::new(&region, &settings.census(Some(census)), None)?;
/// let week = flow.sample(Seed(1), 0);
/// assert!(week.faults.is_empty());
///
/// let wrong = Census::read(&table.replace(",3,", ",300,"), "monday.csv", &region, &Settings::default());
/// assert!(wrong.unwrap_err().to_string().contains("monday.csv:2:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Census {
    rows: Vec<CensusRow>,
}

/// Patients of a ward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CensusRow {
    /// Key of the hospital.
    pub hospital: String,
    /// Key of the ward's specialty.
    pub specialty: String,
    /// Occupied beds.
    pub occupied: u32,
    /// Days that those in them have lain on this ward, 0 or more; `None` where nobody knows.
    pub days_so_far: Option<f64>,
    /// Patients on the waiting list.
    pub waiting: u32,
}

/// Most patients of a row, and most that wait.
const MOST: u32 = 100_000;

/// Most days that somebody has lain in a ward: a hundred years.
const MOST_DAYS: f64 = 36_500.0;

impl Census {
    /// Reads the file at a path for the wards that a run of these settings has.
    ///
    /// # Errors
    ///
    /// Those of [`Census::read`]; that it cannot be read or is no UTF-8.
    pub fn open(
        path: &Path,
        region: &Region,
        settings: &Settings,
    ) -> Result<Self, SimulationError> {
        let name = path.display().to_string();
        let text = read_text(path).map_err(SimulationError::Problems)?;
        Self::read(&text, &name, region, settings)
    }

    /// Reads a table for the wards that a run of these settings has; `name` is what problems call it.
    ///
    /// # Errors
    ///
    /// Every fault with its line: a hospital or a ward that does not exist, more patients than beds, days below 0,
    /// somebody who waits for intensive care; that there is no row.
    pub fn read(
        text: &str,
        name: &str,
        region: &Region,
        settings: &Settings,
    ) -> Result<Self, SimulationError> {
        // Beds that the network does not know are those that the run will have.
        let wards = wards_of(region, settings)?;
        let text = clean(text);
        // A ward is what the table of wards calls a specialty: both names are right.
        let is_known = |column: &str| COLUMNS.contains(&column) || column == WARD;
        let has_ward = text.lines().next().is_some_and(|line| line.contains(WARD));
        let key = if has_ward { WARD } else { "specialty" };
        let columns = Columns {
            required: &["hospital", key, "occupied"],
            named: &COLUMNS,
            is_known: &is_known,
        };
        let (mut table, rows) = read_rows(name, &text, &columns);
        let mut census = Self::default();
        let mut reading = Reading { region, wards: &wards, key, counted: HashMap::new() };
        for row in &rows {
            table.line = row.line;
            census.rows.extend(reading.row(&mut table, row));
        }
        if table.has_header && rows.is_empty() && table.problems.is_empty() {
            let expected = "a row for each ward that was counted";
            table.fault(ProblemKind::Missing, "", "the table has no row".to_owned(), expected);
        }
        let problems = table.problems;
        if problems.is_empty() { Ok(census) } else { Err(SimulationError::Problems(problems)) }
    }

    /// Its rows, in the order of the file.
    pub fn rows(&self) -> &[CensusRow] {
        &self.rows
    }

    /// Occupied beds of all rows.
    pub fn occupied(&self) -> u64 {
        self.rows.iter().map(|row| u64::from(row.occupied)).sum()
    }

    /// Patients who wait, of all rows.
    pub fn waiting(&self) -> u64 {
        self.rows.iter().map(|row| u64::from(row.waiting)).sum()
    }

    /// How many wards it has.
    pub fn wards(&self) -> usize {
        self.by_ward().len()
    }

    /// The rows of each ward, by the keys of hospital and specialty.
    pub(super) fn by_ward(&self) -> BTreeMap<(&str, &str), Vec<&CensusRow>> {
        let mut by_ward: BTreeMap<(&str, &str), Vec<&CensusRow>> = BTreeMap::new();
        for row in &self.rows {
            by_ward.entry((&row.hospital, &row.specialty)).or_default().push(row);
        }
        by_ward
    }
}

/// The columns of the table.
const COLUMNS: [&str; 5] = ["hospital", "specialty", "occupied", "days_so_far", "waiting"];

/// What the column of the specialty may be called, too.
const WARD: &str = "ward";

/// Rows being read.
struct Reading<'r> {
    region: &'r Region,
    wards: &'r [Ward],
    /// What the column of the specialty is called.
    key: &'static str,
    /// By the position of a ward, the patients of the rows so far.
    counted: HashMap<usize, u64>,
}

impl Reading<'_> {
    /// A row; `None` where it has a fault.
    fn row(&mut self, table: &mut Table<'_>, row: &Row) -> Option<CensusRow> {
        let told = table.problems.count();
        let ward = self.ward(table, row);
        let days = table.number(&row.cells, "days_so_far", (0.0, MOST_DAYS));
        let waiting = table.count(&row.cells, "waiting", MOST).unwrap_or(0);
        table.required(&row.cells, "occupied", "occupied beds");
        let occupied = table.count(&row.cells, "occupied", MOST)?;
        let position = ward?;
        // Of all rows so far: a ward may be told patient by patient.
        let ward = &self.wards[position];
        let counted = self.counted.entry(position).or_default();
        *counted += u64::from(occupied);
        if *counted > u64::from(ward.beds) {
            let message = format!("{counted} occupied, of {} beds", ward.beds);
            let expected = if ward.is_icu() {
                "at most the beds of the unit"
            } else {
                "at most the beds of the ward, without those that its hospital has for intensive care"
            };
            table.fault(ProblemKind::Range, "occupied", message, expected);
        }
        // The model lets nobody wait there: it would put them on a list that nothing empties.
        if waiting > 0 && ward.is_icu() {
            let message = format!("{waiting} wait for intensive care");
            let expected = "0: who needs it is brought to where a bed is";
            table.fault(ProblemKind::Conflict, "waiting", message, expected);
        }
        if table.problems.count() > told {
            return None;
        }
        Some(CensusRow {
            hospital: self.region.network()[ward.hospital].key.clone(),
            specialty: ward.specialty.clone(),
            occupied,
            days_so_far: days,
            waiting,
        })
    }

    /// The position of the ward of a row.
    fn ward(&self, table: &mut Table<'_>, row: &Row) -> Option<usize> {
        let network = self.region.network();
        let name = table.required(&row.cells, "hospital", "the key of a hospital")?;
        let specialty = table.required(&row.cells, self.key, "the key of a ward's specialty");
        let Some(hospital) = network.find(name) else {
            let mut keys = Vec::with_capacity(network.hospitals().len());
            for hospital in network.hospitals() {
                keys.push(hospital.key.as_str());
            }
            table.unknown("hospital", "hospital", name, keys);
            return None;
        };
        let specialty = specialty?;
        // A hospital has some thirty wards at most: no index is needed.
        let mut keys = Vec::new();
        for (position, ward) in self.wards.iter().enumerate() {
            if ward.hospital != hospital {
                continue;
            }
            if ward.specialty == specialty {
                return Some(position);
            }
            keys.push(ward.specialty.as_str());
        }
        // The same wrong word of another hospital may mean another ward.
        table.unknown(self.key, &format!("ward of {name}"), specialty, keys);
        None
    }
}
