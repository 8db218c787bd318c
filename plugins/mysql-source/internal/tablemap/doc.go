// Package tablemap judges definitions by the TABLE_MAP events that rows come
// behind, and makes the definition of such an event where none fits. It neither
// reads the log nor asks the server.
//
// Start reading at Check, then Define.
package tablemap
