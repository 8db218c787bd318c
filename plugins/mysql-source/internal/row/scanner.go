package row

// scanner reads the numbers of a date or time in text.
type scanner struct {
	rest []byte
	bad  bool
}

// number reads digits up to the separator or the end.
func (s *scanner) number(separator byte) int64 {
	var v int64
	for i, b := range s.rest {
		if b == separator && i > 0 {
			s.rest = s.rest[i+1:]
			return v
		}
		if b < '0' || b > '9' || i > 17 {
			s.bad = true
			return 0
		}
		v = v*10 + int64(b-'0')
	}
	s.bad = s.bad || len(s.rest) == 0
	s.rest = nil
	return v
}

// fraction reads what is left as up to six digits of a fraction, in
// microseconds.
func (s *scanner) fraction() int64 {
	if len(s.rest) == 0 {
		return 0
	}
	if len(s.rest) > 6 {
		s.bad = true
		return 0
	}
	n := len(s.rest)
	v := s.number(0)
	for range 6 - n {
		v *= 10
	}
	return v
}
