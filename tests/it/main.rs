//! Scenarios over both programs, and the shape of the house.

#[cfg(test)]
mod arrows;
#[cfg(test)]
mod compose;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod generations;
#[cfg(test)]
mod home;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod writers;
