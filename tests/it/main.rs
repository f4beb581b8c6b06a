//! Scenarios over both programs, and the shape of the house.

#[cfg(test)]
mod arrows;
#[cfg(test)]
mod compose;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod tidy;
