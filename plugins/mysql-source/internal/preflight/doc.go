// Package preflight checks a server against what the source needs of it, and
// says what to do about each thing that is not so. It changes nothing.
//
// Start reading at Checks.Run.
package preflight
