"""What terminal we are in: questions, answers, the choice of how pictures are shown, and the way out."""
