package gtid

// Count returns the number of transactions in the set.
func (s *Set) Count() uint64 {
	var n uint64
	for i := range s.runs {
		for _, sp := range s.runs[i].spans {
			n += uint64(sp.last-sp.first) + 1
		}
	}
	return n
}
