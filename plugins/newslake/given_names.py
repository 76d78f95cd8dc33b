"""Given names that are frequent in German news, with the pronoun that means their bearers.

They tell a person (Ada Lund) from two nouns (Tage Anlass). Names that are missing here are recognised by an office in
front of them or by the surname standing alone elsewhere in the text.
"""

from __future__ import annotations

from newslake.german import words

WOMEN = words(
    """
    Ada Agnes Alexandra Alice Aliona Almut Amira Amy Andrea Angela Angelika Anja Anke Anna Annalena Anne Annegret
    Annemarie Anneliese Annette Antje Antonia Astrid Aydan Barbara Beate Bettina Bianca Birgit Brigitte Britta
    Camilla Carla Carmen Carola Carolin Carolina Caroline Charlotte Christa Christel Christiane Christina Christine
    Clara Claudia Cordula Corinna Cornelia Dagmar Daniela Deborah Diana Dilek Doris Dorothea Dorothee Edith Elena
    Elisa Elisabeth Elke Ellen Elsa Emily Emma Erika Esther Eva Franziska Friederike Gabi Gabriele Gerda Gertrud
    Gesa Gesine Gisela Gitta Greta Gudrun Hanna Hannah Hannelore Heide Heidi Heike Helen Helena Helene Helga
    Henriette Hilary Hilde Hildegard Ilka Ilona Ilse Ina Ines Inga Inge Ingrid Irene Iris Irina Irmgard Isabel
    Isabell Isabella Jacinda Jana Janet Janina Jasmin Jennifer Jessica Jill Johanna Johanne Judith Julia Juliane
    Jutta Kaja Kamala Karen Karin Karla Karoline Katarina Katharina Kathrin Katja Katrin Kerstin Kirsten Klara
    Kristin Kristina Lara Laura Lea Lena Leni Leonie Lia Linda Lisa Lotte Louise Lucia Lucy Luisa Luise Lydia
    Madeleine Magdalena Maike Maja Malu Mandy Manja Manuela Mara Mareike Margarete Margaret Margit Margot Maria
    Marianne Marie Marina Marion Marlene Marlies Marta Martha Martina Mary Mathilde Maya Melanie Melinda Meike Mette
    Mia Michaela Michelle Miriam Monika Monique Nadia Nadine Nadja Nancy Natalia Natalie Natascha Nathalie Nele
    Nicola Nicole Nina Nora Olga Patricia Paula Pauline Petra Pia Rahel Ramona Rebecca Rebekka Regina Regine Renate
    Ricarda Rita Romy Rosa Rosemarie Ruth Sabine Sahra Sandra Sanna Sara Sarah Saskia Selma Sigrid Silke Silvia
    Simone Sina Sofia Sonja Sophia Sophie Stefanie Steffi Stella Stephanie Susan Susanna Susanne Svenja Swetlana
    Sybille Sylvia Tamara Tanja Tatjana Teresa Theresa Theresia Therese Tina Tilda Ulla Ulrike Ursula Ute Uta
    Valentina Valerie Vanessa Vera Verena Veronika Victoria Viktoria Viola Waltraud Wiebke Yasmin Yvette Yvonne
"""
)
MEN = words(
    """
    Achim Adam Adrian Ahmed Alain Albert Albrecht Alex Alexander Alexej Alfred Ali Alois Anders André Andre Andreas
    Andrej Andrew Anton Antonio Anthony Armin Arne Arnold Arthur Artur August Axel Ben Benedikt Benjamin Benno Bernd
    Bernhard Bert Bill Björn Bob Bodo Boris Bruno Burkhard Carl Carlo Carlos Carsten Cem Charles Chris Christian
    Christof Christoph Christopher Clemens Dan Daniel Danny Dario David Dennis Detlef Detlev Didier Dieter Dietmar
    Dietrich Dimitri Dirk Dmitri Dmitrij Dominic Dominik Don Donald Eberhard Eckart Eckhard Edgar Eduard Edward Egon
    Elon Emil Emmanuel Enno Enrico Eric Erich Erik Ernst Erwin Eugen Fabian Felix Ferdinand Florian Francesco
    Francis Franco Frank Franz Fred Frederik Friedemann Friedhelm Friedrich Fritz Gabor Georg George Georgi Gerald
    Gerd Gerhard Gernot Giovanni Giuseppe Gordon Gregor Guido Günter Günther Gustav Hans Hannes Harald Harry Hartmut
    Hasso Heiko Heiner Heinrich Heinz Helge Helmut Hendrik Henning Henri Henrik Henry Herbert Heribert Hermann
    Holger Horst Hubert Hubertus Hugo Igor Ingo Iwan Jack Jacob Jakob James Jan Jean Jens Jeremy Jeroen Jerome Jim
    Jo Joachim Jochen Joe Joel Johann Johannes John Jonas Jonathan Jörg Jorge Jörn Josef Joseph Jost José Juan
    Jürgen Julian Julius Jupp Justin Kai Karim Karl Karsten Kay Keith Ken Kevin Kirill Klaus Knut Konrad Konstantin
    Kristian Kurt Lars Leo Leon Leonard Leonhard Lewis Lorenz Lothar Louis Luca Ludwig Luis Lukas Lutz Magnus Maik
    Malte Manfred Manuel Marc Marcel Marco Marcus Mario Mark Marko Markus Marten Martin Mathias Matthias Maurice Max
    Maximilian Mehmet Michael Michail Michel Mike Mikhail Mohammed Moritz Mustafa Nico Nicolas Niels Niklas Niko
    Nikola Nikolai Nikolaus Nils Noah Norbert Olaf Ole Oleg Oliver Olivier Omid Oskar Oswald Otto Pascal Patrick
    Paul Pedro Peer Peter Phil Philip Philipp Pierre Piotr Rafael Rainer Ralf Ralph Raphael Reiner Reinhard Reinhold
    René Richard Robert Robin Roger Roland Rolf Roman Ron Rudi Rudolf Rüdiger Salvatore Sam Samuel Sascha Sebastian
    Sepp Serge Sergej Sergio Severin Siegfried Sigmar Silvio Simon Stefan Steffen Stephan Stephen Steve Steven Sven
    Sönke Tarek Ted Theo Theodor Thilo Thomas Thorsten Till Tilman Tim Timo Timothy Tobias Tom Tomas Toni Tony
    Torben Torsten Udo Ulf Ulrich Uli Uwe Valentin Veit Viktor Vincent Vitali Volker Wadim Walter Werner Wilfried
    Wilhelm Willi Willy Winfried Wladimir Wolfgang Wolfram Xavier Yannick Yves
"""
)


def is_given(word: str) -> bool:
    """Say whether a word is a given name; of a double name the first part counts.

    >>> [is_given(word) for word in ("Karl-Heinz", "Ada", "Hafen")]
    [True, True, False]
    """
    first = word.split("-", 1)[0]
    return first in WOMEN or first in MEN


def gender(word: str) -> str:
    """Return f or m for a given name, "" for one that is not known or that both bear.

    >>> [gender(word) for word in ("Ada", "Jo", "Hafen", "Zita")]
    ['f', 'm', '', 'f']
    """
    first = word.split("-", 1)[0]
    if first in WOMEN:
        return "f"
    return "m" if first in MEN else "f" if first.endswith("a") else ""
