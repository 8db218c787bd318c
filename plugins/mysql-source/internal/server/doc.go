// Package server connects to MySQL or MariaDB and asks it about itself: its
// identity, its settings, where its log stands, and what tables it has.
//
// Every question is one statement on one connection; nothing is written to the
// server. Start reading at Settings.Connect, then Ask.
package server
