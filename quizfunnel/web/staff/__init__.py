"""Staff access: sessions, the limit on wrong passwords, the gate that staff pages stand behind, and its pages."""
